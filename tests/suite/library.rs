//! The library: articles on every class of the shipped model, finding them, and what the clinic makes of them.

use clinic::views::*;
use clinic::{ErrorCode, Session, library};
use domain::Role;
use domain::article::{
    ArticleCode, ArticleContent, ArticleSection, ArticleState, BUILT_IN_SLUGS, CodeSystem, DiffKind,
    SectionText,
};
use domain::report_text::TextLanguage;
use support::World;

use crate::decisions::code_of;
use crate::people::{NURSE, joins};

fn asked(slug: &str, language: TextLanguage) -> ArticleRequest {
    ArticleRequest { slug: slug.into(), language }
}

fn reads(session: &Session, slug: &str) -> ArticleView {
    library::read(session, &asked(slug, TextLanguage::En)).unwrap()
}

fn finds(session: &Session, language: TextLanguage, text: &str) -> Vec<ArticleHit> {
    library::search(session, &LibrarySearchRequest { language, text: text.into() }).unwrap()
}

fn first(session: &Session, language: TextLanguage, text: &str) -> String {
    let hits = finds(session, language, text);
    hits.first().map_or_else(String::new, |hit| hit.slug.clone())
}

fn small(title: &str, description: &str) -> ArticleContent {
    let text = description.into();
    ArticleContent {
        title: title.into(),
        sections: vec![SectionText { section: ArticleSection::Description, text }],
        ..ArticleContent::default()
    }
}

fn saving(slug: Option<&str>, version: u32, content: ArticleContent) -> ArticleSaveRequest {
    let slug = slug.map(str::to_owned);
    ArticleSaveRequest { slug, language: TextLanguage::En, version, content, built_in_seen: false }
}

fn at(slug: &str, version: u32) -> ArticleVersionRequest {
    ArticleVersionRequest { slug: slug.into(), language: TextLanguage::En, version }
}

fn hiding(slug: &str, version: u32, hidden: bool) -> ArticleHideRequest {
    ArticleHideRequest { slug: slug.into(), language: TextLanguage::En, version, hidden }
}

fn titles(session: &Session) -> Vec<String> {
    let rows = library::list(session, &LibraryRequest { language: TextLanguage::En }).unwrap();
    rows.into_iter().map(|row| row.title).collect()
}

#[test]
fn every_class_of_the_model_has_a_whole_article_in_three_languages() {
    let world = World::founded();
    let session = &world.session;
    let model = clinic::model::read(session).unwrap();
    assert!(!model.labels.is_empty());
    for language in TextLanguage::ALL {
        let links = library::links(session, &LibraryRequest { language }).unwrap();
        for label in &model.labels {
            let link = links.iter().find(|link| link.code == label.code).expect(&label.code);
            let article = library::read(session, &asked(&link.slug, language)).unwrap();
            assert_eq!((article.language, &article.content.title), (language, &link.title));
            for section in ArticleSection::ALL {
                assert!(!article.content.of(section).is_empty(), "{} {language:?} {section:?}", label.code);
            }
            assert!(article.content.contagious.is_some() && article.content.sources.len() >= 2);
        }
        // What a clinician takes a lesion for leads here, too.
        for term in ["melanoma_in_situ", "bowen", "wart", "eczema", "psoriasis"] {
            assert!(links.iter().any(|link| link.code == term), "{term} {language:?}");
        }
        let rows = library::list(session, &LibraryRequest { language }).unwrap();
        assert_eq!(rows.len(), BUILT_IN_SLUGS.len());
        assert!(rows.iter().all(|row| row.of_program && !row.newer_built_in));
    }
}

#[test]
fn articles_are_found_with_other_accents_cases_and_typing_errors() {
    let world = World::founded();
    let session = &world.session;
    for (language, text, slug) in [
        (TextLanguage::En, "MELANOMA", "melanoma"),
        (TextLanguage::En, "melnoma", "melanoma"),
        (TextLanguage::En, "psoraisis", "psoriasis"),
        (TextLanguage::En, "athlete's foot", "fungal-infection"),
        (TextLanguage::En, "L57.0", "actinic-keratosis"),
        (TextLanguage::En, "nv", "melanocytic-naevus"),
        (TextLanguage::De, "Schuppenflechte", "psoriasis"),
        (TextLanguage::De, "schupenflechte", "psoriasis"),
        (TextLanguage::De, "Fusspilz", "fungal-infection"),
        (TextLanguage::De, "Weissfleckenkrankheit", "vitiligo"),
        (TextLanguage::Es, "vitiligo", "vitiligo"),
        (TextLanguage::Es, "queratosis actinica", "actinic-keratosis"),
        (TextLanguage::Es, "rosasea", "rosacea"),
    ] {
        assert_eq!(first(session, language, text), slug, "{text}");
    }
    assert!(finds(session, TextLanguage::En, "melnoma")[0].approximate);
    assert!(!finds(session, TextLanguage::En, "melanoma")[0].approximate);
    assert!(finds(session, TextLanguage::En, "Schuppenflechte").is_empty(), "of another language");
    assert_eq!(
        finds(session, TextLanguage::En, " \" * ( AND ").len(),
        finds(session, TextLanguage::En, "and").len()
    );
    assert!(finds(session, TextLanguage::En, "").is_empty());
    let long = LibrarySearchRequest { language: TextLanguage::En, text: "x".repeat(10_000) };
    assert_eq!(code_of(library::search(session, &long)), ErrorCode::InvalidInput);
    assert_eq!(world.trail(session, "library_indexed").len(), 1, "once for this version of the program");
}

#[test]
fn hits_are_marked_in_plain_text() {
    let world = World::founded();
    let session = &world.session;
    let text = "A mite <script>alert(1)</script> that itches at night.";
    library::save(session, &saving(None, 0, small("Scabies <b>", text))).unwrap();
    let hits = finds(session, TextLanguage::En, "mite itch");
    let hit = &hits[0];
    let whole: String = hit.extracts[0].pieces.iter().map(|piece| piece.text.as_str()).collect();
    assert_eq!(whole, text, "markup is words like any others");
    let marked: Vec<_> =
        hit.extracts[0].pieces.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect();
    assert_eq!(marked, ["mite", "itches"]);
    assert_eq!(hit.extracts[0].section, Some(ArticleSection::Description));
}

#[test]
fn every_edition_stays_and_can_be_compared_and_taken_up_again() {
    let world = World::founded();
    let session = &world.session;
    let built_in = reads(session, "acne");
    assert_eq!((built_in.version, built_in.state), (1, ArticleState::BuiltIn));
    let mut content = built_in.content.clone();
    content.title = "Acne in our clinic".into();
    content.sections[0].text.push_str("\nAsk for our leaflet on Zwiebelfisch.");
    let changed = library::save(session, &saving(Some("acne"), 1, content.clone())).unwrap();
    assert_eq!((changed.version, changed.state, changed.of_program), (2, ArticleState::Own, true));
    assert!(!changed.newer_built_in && changed.author_name.is_some() && changed.changed_at.is_some());
    assert_eq!(first(session, TextLanguage::En, "zwiebelfisch"), "acne");
    let late = library::save(session, &saving(Some("acne"), 1, content));
    assert_eq!(code_of(late), ErrorCode::Conflict);

    let request =
        ArticleCompareRequest { slug: "acne".into(), language: TextLanguage::En, from: 1, to: Some(2) };
    let lines = library::compare(session, &request).unwrap().lines;
    let of =
        |kind| -> Vec<_> { lines.iter().filter(|line| line.kind == kind).map(|line| &line.text).collect() };
    assert_eq!(of(DiffKind::Removed), ["title: Acne"]);
    assert_eq!(of(DiffKind::Added), ["title: Acne in our clinic", "Ask for our leaflet on Zwiebelfisch."]);

    let restored = library::restore(session, &at("acne", 2)).unwrap();
    assert_eq!((restored.version, restored.state), (3, ArticleState::BuiltIn));
    assert_eq!(restored.content, built_in.content);
    assert!(finds(session, TextLanguage::En, "zwiebelfisch").is_empty());
    assert_eq!(code_of(library::restore(session, &at("acne", 3))), ErrorCode::Conflict);
    let back = ArticleReturnRequest { slug: "acne".into(), language: TextLanguage::En, version: 3, to: 2 };
    let back = library::return_to(session, &back).unwrap();
    assert_eq!((back.version, back.content.title.as_str()), (4, "Acne in our clinic"));
    let editions = library::editions(session, &asked("acne", TextLanguage::En)).unwrap();
    let told: Vec<_> =
        editions.iter().map(|one| (one.version, one.state, one.author_name.is_some())).collect();
    let own = ArticleState::Own;
    assert_eq!(
        told,
        [(4, own, true), (3, ArticleState::BuiltIn, true), (2, own, true), (1, ArticleState::BuiltIn, false)]
    );
    assert_eq!(
        library::read(session, &asked("acne", TextLanguage::De)).unwrap().version,
        1,
        "German is its own"
    );
    assert_eq!(world.trail(session, "article_changed").len(), 4);
    let absent = ArticleReturnRequest { slug: "acne".into(), language: TextLanguage::En, version: 4, to: 9 };
    assert_eq!(code_of(library::return_to(session, &absent)), ErrorCode::NotFound);
}

#[test]
fn an_own_article_is_added_hidden_and_shown_again() {
    let world = World::founded();
    let session = &world.session;
    let mut content = small("Scabies", "A mite.");
    content.codes = vec![ArticleCode { system: CodeSystem::Icd10, code: "nonsense".into() }];
    let refused = library::save(session, &saving(None, 0, content)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert_eq!(refused.details["problems"][0]["field"], "codes");
    let added = library::save(session, &saving(None, 0, small(" Scabies ", "A mite."))).unwrap();
    assert_eq!((added.version, added.of_program, added.content.title.as_str()), (1, false, "Scabies"));
    let slug = added.slug.as_str();
    let german = ArticleSaveRequest {
        language: TextLanguage::De,
        ..saving(Some(slug), 0, small("Krätze", "Eine Milbe."))
    };
    assert_eq!(library::save(session, &german).unwrap().languages.len(), 2);
    assert_eq!(first(session, TextLanguage::De, "kratze"), slug);
    let spanish = library::read(session, &asked(slug, TextLanguage::Es)).unwrap();
    assert_ne!(spanish.language, TextLanguage::Es, "one of the languages that there are");

    let desk = joins(&world, NURSE, Role::FrontDesk);
    assert!(titles(&desk).contains(&"Scabies".to_owned()));
    assert_eq!(code_of(library::hide(session, &hiding("acne", 1, true))), ErrorCode::InvalidInput);
    let hidden = library::hide(session, &hiding(slug, 1, true)).unwrap();
    assert_eq!((hidden.version, hidden.state), (2, ArticleState::Hidden));
    assert_eq!(code_of(library::hide(session, &hiding(slug, 1, true))), ErrorCode::Conflict);
    assert!(finds(session, TextLanguage::En, "scabies").iter().all(|hit| hit.slug != slug));
    assert!(
        titles(session).contains(&"Scabies".to_owned()) && !titles(&desk).contains(&"Scabies".to_owned())
    );
    let shown = library::hide(session, &hiding(slug, 2, false)).unwrap();
    assert_eq!(shown.state, ArticleState::Own);
    assert_eq!(first(session, TextLanguage::En, "scabies"), slug);
    assert_eq!(code_of(library::restore(session, &at(slug, 3))), ErrorCode::NotFound);
    assert_eq!(
        code_of(library::save(session, &saving(Some("unheard-of"), 0, small("X", "Y")))),
        ErrorCode::NotFound
    );
}

#[test]
fn everybody_on_the_staff_reads_and_only_clinicians_and_administrators_write() {
    let world = World::founded();
    let clinician = joins(&world, NURSE, Role::Clinician);
    assert!(library::save(&clinician, &saving(None, 0, small("Ours", "Words."))).is_ok());
    for (email, role) in
        [("desk@seeblick.example", Role::FrontDesk), ("audit@seeblick.example", Role::Auditor)]
    {
        let session = joins(&world, email, role);
        assert_eq!(reads(&session, "melanoma").content.classes, ["mel"]);
        assert_eq!(first(&session, TextLanguage::En, "melanoma"), "melanoma");
        let refused = library::save(&session, &saving(Some("acne"), 1, small("Mine", "Words.")));
        assert_eq!(code_of(refused), ErrorCode::NotPermitted);
        let editions = library::editions(&session, &asked("acne", TextLanguage::En));
        assert_eq!(code_of(editions), ErrorCode::NotPermitted);
    }
}
