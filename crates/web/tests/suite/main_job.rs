//! The main job, as a notary's browser does it.

use domain::Outcome;
use sandbox::Browser;
use testing::TestApp;
use testing::people::{ADMIN_RHONE, DECEDENTS, NOTARY};

#[tokio::test]
async fn a_notary_asks_and_gets_answer_letter_and_mail() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let browser = app.notary(NOTARY).await?;
    let page = app
        .ask(&browser, &["rhone", "isere"], &DECEDENTS[0], "DOS-1")
        .await?;
    assert_eq!(page.status, 200, "{}", page.html());
    assert_eq!(page.texts("article.reponse").len(), 2);
    for answer in page.texts("article.reponse") {
        assert!(answer.contains(Outcome::Recoverable.label()), "{answer}");
    }
    app.work().await?;

    let page = browser.get(&page.url).await?;
    let letters = page.attributes("a[href$='/courrier']", "href");
    assert_eq!(letters.len(), 2);
    for letter in letters {
        let letter = browser.get(app.at(&letter)).await?;
        assert_eq!(letter.status, 200);
        assert!(letter.body.starts_with(b"%PDF-"));
        assert_eq!(letter.header("content-type"), Some("application/pdf"));
        assert_eq!(letter.header("cache-control"), Some("no-store"));
        assert!(
            letter
                .header("content-security-policy")
                .unwrap()
                .contains("sandbox")
        );
        let name = letter.header("content-disposition").unwrap();
        assert!(
            name.starts_with("attachment; filename=\"") && name.contains(".pdf\"; filename*=UTF-8''"),
            "{name}"
        );
    }
    let mails = app.mails.mails_to("camille@quais.example");
    assert_eq!(mails.len(), 2);
    assert_eq!(app.mails.mails_to("creances@rhone.example").len(), 1);
    let history = browser.get(app.at("/demandes")).await?;
    assert_eq!(history.attributes("tbody a[href$='/courrier']", "href").len(), 2);
    Ok(())
}

#[tokio::test]
async fn every_outcome_is_answered() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let browser = app.notary(NOTARY).await?;
    for decedent in &DECEDENTS {
        let page = app.ask(&browser, &["rhone"], decedent, "").await?;
        let answer = page.text("article.reponse").unwrap_or_default();
        assert!(
            answer.contains(decedent.outcome.label()),
            "{decedent:?}: {answer}"
        );
    }
    app.work().await?;
    assert_eq!(app.mails.mails_to("camille@quais.example").len(), DECEDENTS.len());
    Ok(())
}

#[tokio::test]
async fn sent_twice_it_asks_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let browser = app.notary(NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    let mut fields = vec![("departements", "rhone")];
    fields.extend(DECEDENTS[3].fields());
    let (one, other) = tokio::join!(
        browser.submit(&form, "main form", &fields),
        browser.submit(&form, "main form", &fields)
    );
    let (one, other) = (one?, other?);
    assert_eq!((one.status.as_u16(), &one.url), (200, &other.url));
    // And a reload of the answer.
    assert_eq!(browser.submit(&form, "main form", &fields).await?.url, one.url);
    assert_eq!(browser.get(&one.url).await?.texts("article.reponse").len(), 1);
    assert_eq!(app.sql("select count(*) from tenant_rhone.inquiry").await?, "1");
    app.work().await?;
    assert_eq!(app.mails.mails_to("camille@quais.example").len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_changed_form_is_a_new_inquiry_and_says_so() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let browser = app.notary(NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    let mut fields = vec![("departements", "rhone")];
    fields.extend(DECEDENTS[3].fields());
    browser.submit(&form, "main form", &fields).await?;
    fields.push(("reference", "AUTRE"));
    let again = browser.submit(&form, "main form", &fields).await?;
    assert_eq!(again.status, 409);
    assert!(again.html().contains("déjà envoyé"));
    let asked = browser.submit(&again, "main form", &[]).await?;
    assert_eq!(asked.status, 200, "{}", asked.html());
    assert_eq!(app.sql("select count(*) from tenant_rhone.inquiry").await?, "2");
    Ok(())
}

#[tokio::test]
async fn errors_stand_at_their_fields_and_what_was_typed_stays() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let browser = app.notary(NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    let page = browser
        .submit(
            &form,
            "main form",
            &[("prenoms", "Odette"), ("naissance_date", "31/02/1931")],
        )
        .await?;
    assert_eq!(page.status, 422);
    assert_eq!(page.attribute("#prenoms", "value").as_deref(), Some("Odette"));
    assert_eq!(
        page.attribute("#naissance_date", "value").as_deref(),
        Some("31/02/1931")
    );
    assert_eq!(
        page.attribute("#naissance_date", "aria-invalid").as_deref(),
        Some("true")
    );
    let same_key = |page: &sandbox::Page| page.attribute("input[name=demande]", "value");
    assert_eq!(same_key(&page), same_key(&form));
    Ok(())
}

#[tokio::test]
async fn staff_see_their_first_page_and_fetch_letters() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let notary = app.notary(NOTARY).await?;
    app.ask(&notary, &["rhone"], &DECEDENTS[0], "").await?;
    app.work().await?;
    let agent = app.agent(ADMIN_RHONE).await?;
    let home = agent.get(app.at("/departements")).await?;
    assert_eq!(home.url.path(), "/departements/rhone");
    assert!(!home.html().contains("LEFÈVRE") && !home.html().contains("Lefèvre"));
    let letter = home.attribute("a[href$='/courrier']", "href").unwrap();
    assert!(agent.get(app.at(&letter)).await?.body.starts_with(b"%PDF-"));
    let style = home.attribute("link[href*='couleurs-']", "href").unwrap();
    let style = Browser::new()?.get(app.at(&style)).await?;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(style.header("cache-control").unwrap().contains("immutable"));
    Ok(())
}
