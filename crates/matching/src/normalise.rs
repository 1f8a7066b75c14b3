//! Civil status with the differences levelled that are only a matter of writing.

/// The normalised words a text is searched by: of a query, all must be found.
pub fn search_words(text: &str) -> Vec<String> {
    let _ = text;
    todo!()
}

/// The normalised words a text is found by: [`search_words`] and the words written as one (`DELATOUR`, `ONEILL`).
pub fn index_words(text: &str) -> Vec<String> {
    let _ = text;
    todo!()
}
