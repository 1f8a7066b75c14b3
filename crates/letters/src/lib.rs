//! Formal letters: data, template and letterhead become a PDF.
