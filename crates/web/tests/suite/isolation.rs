//! What belongs to another office or département does not exist.

use sandbox::Browser;
use testing::TestApp;
use testing::people::{ADMIN_ISERE, ADMIN_RHONE, COLLEAGUE, DECEDENTS, NOTARY, OTHER_NOTARY};

/// What a stranger would learn of a page: everything but the request's own id.
fn told(page: &sandbox::Page) -> (u16, String) {
    let id = page.header("x-request-id").unwrap_or_default();
    (
        page.status.as_u16(),
        page.text("main").unwrap_or_default().replace(id, ""),
    )
}

#[tokio::test]
async fn another_office_sees_nothing_of_the_first() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let owner = app.notary(NOTARY).await?;
    let answer = app.ask(&owner, &["rhone"], &DECEDENTS[0], "DOS-7").await?;
    app.work().await?;
    let answer = owner.get(&answer.url).await?;
    let letter = app.at(&answer.attribute("a[href$='/courrier']", "href").unwrap());

    let other = app.notary(OTHER_NOTARY).await?;
    let nothing = other
        .get(app.at("/demandes/0192f3c4-0000-7000-8000-000000000000"))
        .await?;
    assert_eq!(nothing.status, 404);
    for path in [answer.url.as_str(), letter.as_str()] {
        assert_eq!(told(&other.get(path).await?), told(&nothing), "{path}");
    }
    let history = other.get(app.at("/demandes")).await?;
    assert!(!history.html().contains("Odette") && !history.html().contains("DOS-7"));
    for filter in ["nom=lefevre", "reference=DOS-7"] {
        let found = other.get(app.at(&format!("/demandes?{filter}"))).await?;
        assert!(found.attributes("tbody a", "href").is_empty(), "{filter}");
        let mine = owner.get(app.at(&format!("/demandes?{filter}"))).await?;
        assert!(!mine.attributes("tbody a", "href").is_empty(), "{filter}");
    }

    let colleague = app.notary(COLLEAGUE).await?;
    assert_eq!(colleague.get(&answer.url).await?.status, 200);
    assert!(colleague.get(&letter).await?.body.starts_with(b"%PDF-"));
    Ok(())
}

#[tokio::test]
async fn a_form_of_another_office_cannot_be_taken_over() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let owner = app.notary(NOTARY).await?;
    let form = owner.get(app.at("/demandes/nouvelle")).await?;
    let key = form.attribute("input[name=demande]", "value").unwrap();
    let mut fields = vec![("departements", "rhone")];
    fields.extend(DECEDENTS[0].fields());
    owner.submit(&form, "main form", &fields).await?;

    let other = app.notary(OTHER_NOTARY).await?;
    let form = other.get(app.at("/demandes/nouvelle")).await?;
    fields.push(("demande", &key));
    let before = owner.get(app.at(&format!("/demandes/{key}"))).await?;
    let own = other.submit(&form, "main form", &fields).await?;
    assert_eq!(
        (own.status.as_u16(), own.url.path()),
        (200, format!("/demandes/{key}").as_str())
    );
    assert_eq!(own.texts("article.reponse").len(), 1);
    assert!(!own.html().contains("Camille"), "an inquiry of its own");
    assert_eq!(
        app.sql("select count(distinct office_id) from tenant_rhone.inquiry")
            .await?,
        "2"
    );
    let after = owner.get(app.at(&format!("/demandes/{key}"))).await?;
    assert_eq!(told(&before), told(&after));
    Ok(())
}

#[tokio::test]
async fn staff_of_another_departement_and_notaries_find_nothing() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let notary = app.notary(NOTARY).await?;
    app.ask(&notary, &["rhone"], &DECEDENTS[0], "").await?;
    app.work().await?;
    let owner = app.agent(ADMIN_RHONE).await?;
    let home = owner.get(app.at("/departements/rhone")).await?;
    let letter = home.attribute("a[href$='/courrier']", "href").unwrap();

    let other = app.agent(ADMIN_ISERE).await?;
    let nothing = other.get(app.at("/departements/nulle-part")).await?;
    assert_eq!(nothing.status, 404);
    let under_own_name = letter.replace("/rhone/", "/isere/");
    for path in [
        "/departements/rhone",
        &letter,
        &under_own_name,
        "/demandes",
        "/demandes/nouvelle",
        "/conditions",
    ] {
        assert_eq!(told(&other.get(app.at(path)).await?), told(&nothing), "{path}");
    }
    for path in ["/departements/rhone", "/departements", &letter] {
        assert_eq!(told(&notary.get(app.at(path)).await?), told(&nothing), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_sent_to_the_login_and_back() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let browser = Browser::stopping_at_redirects()?;
    let id = "0192f3c4-0000-7000-8000-000000000000";
    for path in [
        "/demandes".to_owned(),
        "/demandes/nouvelle".to_owned(),
        "/conditions".to_owned(),
        format!("/demandes/{id}"),
        format!("/demandes/{id}/{id}/courrier"),
        "/departements/rhone".to_owned(),
        "/departements/nulle-part".to_owned(),
        format!("/departements/rhone/demandes/{id}/courrier"),
    ] {
        let page = browser.get(app.at(&path)).await?;
        let target = page.header("location").unwrap_or_default();
        assert_eq!(page.status, 303, "{path}");
        assert_eq!(target, format!("/connexion?suite={}", path.replace('/', "%2F")));
    }
    Ok(())
}
