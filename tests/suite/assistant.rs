//! The assistant: what it answers, whose conversations are whose, and the sheets of its rules.

use clinic::assistant::{self, sheets};
use clinic::views::*;
use clinic::{ErrorCode, Session};
use domain::Role;
use domain::assistant::{
    AssistantAnswer, AssistantLink, AssistantScreen, LONGEST_QUESTION, MOST_QUESTIONS, RuleFaultKind,
};
use domain::report_text::TextLanguage::{self, De, En, Es};
use domain::report_text::{TemplateState, percent};
use support::World;

use crate::decisions::code_of;
use crate::people::{NURSE, joins};

fn asking(question: &str, language: TextLanguage) -> AssistantAskRequest {
    AssistantAskRequest { conversation_id: None, question: question.into(), language }
}

fn asks(session: &Session, question: &str, language: TextLanguage) -> AssistantReply {
    assistant::ask(session, &asking(question, language)).unwrap()
}

fn answers(session: &Session, question: &str, language: TextLanguage) -> AssistantAnswer {
    asks(session, question, language).exchange.answer
}

#[test]
fn every_rule_of_the_catalogue_answers_in_three_languages() {
    let world = World::founded();
    let session = &world.session;
    for (rule, urgent, questions) in [
        ("hello", false, ["Hello", "Hallo", "Hola"]),
        ("accuracy", false, ["How accurate is it?", "Wie genau ist das?", "¿Qué precisión tiene?"]),
        ("acne", false, ["pimple on the chin", "Akne", "granos"]),
        ("eczema", false, ["Is it eczema", "Ekzem an der Hand", "eccema"]),
        ("melanoma", true, ["Could it be cancer?", "Melanom?", "¿Es cáncer de piel?"]),
        ("psoriasis", false, ["psoriasis", "Schuppenflechte", "psoriasis en el codo"]),
        ("upload", false, ["How do I upload a scan", "Foto hochladen", "analizar una foto"]),
        ("how-it-works", false, ["How does it work?", "Wie funktioniert das?", "¿Cómo funciona?"]),
        ("privacy", false, ["Is this secure", "Datenschutz", "privacidad"]),
        ("thanks", false, ["thanks!", "Vielen Dank", "muchas gracias"]),
        ("otherwise", false, ["bicycle", "Fahrrad", "bicicleta"]),
        ("rosacea", false, ["rosacea", "Rosazea", "rosácea"]),
        ("fungal-infection", false, ["ringworm", "Fußpilz", "hongos"]),
        ("vitiligo", false, ["vitiligo", "Weißfleckenkrankheit", "vitíligo"]),
        ("warts", false, ["warts", "Dornwarzen", "verrugas"]),
        ("melanocytic-naevus", false, ["nevus", "Leberfleck", "lunares"]),
        ("basal-cell-carcinoma", true, ["basal cell carcinoma", "Basaliom", "carcinoma basocelular"]),
        ("backup", false, ["backup", "Sicherung", "copia de seguridad"]),
        ("report", false, ["sign a report", "Bericht signieren", "firmar un informe"]),
        ("password", false, ["forgot my password", "Passwort vergessen", "olvidé la contraseña"]),
        ("language", false, ["languages", "Sprache", "idioma"]),
        ("delete-undo", false, ["undo", "rückgängig", "deshacer"]),
        ("second-factor", false, ["second factor", "zweiter Faktor", "segundo factor"]),
        ("print", false, ["print", "drucken", "imprimir"]),
        ("lock", false, ["lock", "sperren", "bloquear"]),
        ("register-patient", false, ["register a patient", "Patientin anlegen", "registrar un paciente"]),
        ("compare", false, ["compare", "vergleichen", "comparar"]),
        ("heatmap", false, ["heatmap", "Heatmap", "mapa de calor"]),
        ("out-of-distribution", false, ["out of distribution", "nicht beurteilt", "fuera de distribución"]),
        ("prediction-set", false, ["prediction set", "Vorhersagemenge", "conjunto de predicción"]),
        ("band", false, ["band", "Einstufung", "banda"]),
    ] {
        for (question, language) in questions.into_iter().zip([En, De, Es]) {
            let answer = answers(session, question, language);
            assert_eq!(answer.rule, rule, "{question}");
            assert_eq!(answer.language, language, "{question}");
            assert_eq!((answer.urgent, answer.disclaimer), (urgent, rule != "hello"), "{question}");
            assert!(!answer.text.contains(['{', '}']), "{}", answer.text);
        }
    }
}

#[test]
fn a_word_counts_alone_and_typing_errors_are_forgiven_and_told() {
    let world = World::founded();
    let session = &world.session;
    for question in ["this and that", "what they want", "shipping"] {
        assert_eq!(answers(session, question, En).rule, "otherwise", "{question}");
    }
    let answer = answers(session, "Is it psoriasys?", En);
    assert_eq!(answer.rule, "psoriasis");
    let told = &answer.understood[0];
    assert_eq!((told.typed.as_str(), told.meant.as_str()), ("psoriasys", "psoriasis"));
    assert_eq!(answers(session, "hello, melanom oder Akne", De).rule, "melanoma", "urgent rules win");
    assert_eq!(answers(session, &"?".repeat(50), En).rule, "otherwise");
}

#[test]
fn figures_are_those_of_the_card_in_use_and_of_this_clinic() {
    let world = World::founded();
    let session = &world.session;
    let card = clinic::model::read(session).unwrap();
    let accuracy = percent(card.metrics["all"]["accuracy"]["value"].as_f64().unwrap(), En);
    let text = answers(session, "accuracy", En).text;
    assert!(text.contains(&card.identity.name) && text.contains(&accuracy), "{text}");
    assert!(answers(session, "Genauigkeit", De).text.contains(&accuracy.replace('.', ",")));
    assert!(!answers(session, "backup", En).text.contains("newest backup"), "none was made yet");
    let access = AccessSettingsRequest { idle_lock_minutes: 17 };
    clinic::settings::change_access(session, &access).unwrap();
    assert!(answers(session, "lock", En).text.contains("17 minutes"));
}

#[test]
fn links_lead_where_the_role_may_go() {
    let world = World::founded();
    let backup = AssistantLink::Screen { desk: AssistantScreen::Backup };
    assert_eq!(answers(&world.session, "backup", En).links, [backup]);
    let desk = joins(&world, NURSE, Role::FrontDesk);
    assert!(answers(&desk, "backup", En).links.is_empty());
    let links = answers(&desk, "eczema", En).links;
    assert_eq!(links, [AssistantLink::Article { slug: "eczema".into() }]);
}

#[test]
fn empty_and_very_long_questions_are_refused_and_nothing_is_kept() {
    let world = World::founded();
    let session = &world.session;
    let problem = |question: &str| {
        let refused = assistant::ask(session, &asking(question, En)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
        let problem = &refused.details["problems"][0];
        assert_eq!(problem["field"], "question");
        assert!(!refused.details.to_string().contains("zebra"));
        (problem["code"].as_str().unwrap().to_owned(), problem["limit"].as_u64())
    };
    assert_eq!(problem(""), ("required".into(), None));
    assert_eq!(problem(" \n\t "), ("required".into(), None));
    assert_eq!(problem(&"zebra ".repeat(1_700)), ("too_long".into(), Some(LONGEST_QUESTION as u64)));
    assert_eq!(problem("zebra\u{7}"), ("bad_format".into(), None));
    assert!(assistant::conversations(session).unwrap().is_empty());
    assert!(world.trail(session, "assistant_asked").is_empty());
    // The longest that is taken, in letters of more than one byte.
    let longest = "ä".repeat(LONGEST_QUESTION);
    assert_eq!(asks(session, &longest, De).exchange.question, longest);
}

#[test]
fn a_conversation_goes_on_and_clearing_tells_the_count() {
    let world = World::founded();
    let session = &world.session;
    let first = asks(session, "What is acne?", En);
    let id = first.conversation.id;
    let again = AssistantAskRequest { conversation_id: Some(id), ..asking("And psoriasis?", En) };
    let second = assistant::ask(session, &again).unwrap();
    assert_eq!((second.exchange.number, second.conversation.questions), (2, 2));
    assert_eq!(second.conversation.title, "What is acne?");
    asks(session, "Backup?", En);
    asks(session, "Print?", En);
    let listed = assistant::conversations(session).unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[2].id, id, "the newest first");
    let read = assistant::read(session, &AssistantReadRequest { id }).unwrap();
    assert_eq!(read.exchanges, [first.exchange, second.exchange]);

    let one = assistant::clear(session, &AssistantClearRequest { id: Some(id) }).unwrap();
    assert_eq!(one, AssistantCleared { conversations: 1, questions: 2 });
    let gone = assistant::read(session, &AssistantReadRequest { id });
    assert_eq!(code_of(gone), ErrorCode::NotFound);
    assert_eq!(code_of(assistant::ask(session, &again)), ErrorCode::NotFound);
    let all = assistant::clear(session, &AssistantClearRequest { id: None }).unwrap();
    assert_eq!(all, AssistantCleared { conversations: 2, questions: 2 });
    let none = assistant::clear(session, &AssistantClearRequest { id: None }).unwrap();
    assert_eq!(none, AssistantCleared { conversations: 0, questions: 0 });
    assert_eq!(world.trail(session, "assistant_cleared").len(), 3);
}

#[test]
fn a_full_conversation_takes_no_more() {
    let world = World::founded();
    let session = &world.session;
    let id = asks(session, "hello", En).conversation.id;
    let again = AssistantAskRequest { conversation_id: Some(id), ..asking("hello", En) };
    for _ in 1..MOST_QUESTIONS {
        assistant::ask(session, &again).unwrap();
    }
    let refused = assistant::ask(session, &again).unwrap_err();
    assert_eq!(refused.details["problems"][0]["field"], "conversation_id");
}

#[test]
fn conversations_are_their_owners_and_neither_trail_nor_export_holds_a_word() {
    let world = World::founded();
    let session = &world.session;
    let mine = asks(session, "quetzalcoatl and melanoma", En).conversation.id;
    let other = joins(&world, NURSE, Role::Clinician);
    let read = assistant::read(&other, &AssistantReadRequest { id: mine });
    assert_eq!(code_of(read), ErrorCode::NotFound);
    let request = AssistantAskRequest { conversation_id: Some(mine), ..asking("hello", En) };
    assert_eq!(code_of(assistant::ask(&other, &request)), ErrorCode::NotFound);
    let clear = assistant::clear(&other, &AssistantClearRequest { id: Some(mine) });
    assert_eq!(code_of(clear), ErrorCode::NotFound);
    assert!(assistant::conversations(&other).unwrap().is_empty());
    let all = assistant::clear(&other, &AssistantClearRequest { id: None }).unwrap();
    assert_eq!(all.conversations, 0);
    assert_eq!(assistant::conversations(session).unwrap().len(), 1);

    let told = world.trail(session, "assistant_asked");
    assert_eq!(told.len(), 1);
    let row = told[0].to_string();
    assert!(!row.contains("quetzalcoatl") && !row.contains("melanoma"), "{row}");
}

fn sheet_of<'a>(view: &'a AssistantSheetsView, key: &str) -> &'a AssistantSheetView {
    view.sheets.iter().find(|one| one.key == key).expect(key)
}

fn saving(key: Option<&str>, version: u32, source: &str) -> AssistantSheetSaveRequest {
    AssistantSheetSaveRequest {
        key: key.map(str::to_owned),
        version,
        name: "Ours".into(),
        source: source.into(),
    }
}

const HOURS: &str =
    "[[rule]]\nname = \"hours\"\npriority = 9\nwords.en = [\"opening hours\"]\nanswer.en = \"8 to 17.\"\n";

#[test]
fn an_administrator_changes_restores_adds_and_removes_sheets() {
    let world = World::founded();
    let session = &world.session;
    let first = sheets::list(session).unwrap();
    assert_eq!(first.sheets.len(), 4);
    assert!(first.sheets.iter().all(|one| one.state == TemplateState::BuiltIn && !one.unread));

    let added = sheets::save(session, saving(None, 0, HOURS)).unwrap();
    let key = added.sheets[4].key.clone();
    assert_eq!(answers(session, "What are the opening hours?", En).text, "8 to 17.");
    assert_eq!(answers(session, "opening hours", De).language, En, "it has no German");

    let conditions =
        sheet_of(&first, "conditions").source.replace("Acne is a disease", "Acne is our disease");
    let changed = sheets::save(session, saving(Some("conditions"), 1, &conditions)).unwrap();
    assert_eq!(sheet_of(&changed, "conditions").version, 2);
    assert!(answers(session, "acne", En).text.starts_with("Acne is our disease"));
    let late = sheets::save(session, saving(Some("conditions"), 1, &conditions));
    assert_eq!(code_of(late), ErrorCode::Conflict);

    let request = |key: &str, version| AssistantSheetRequest { key: key.into(), version };
    assert_eq!(code_of(sheets::remove(session, &request("conditions", 2))), ErrorCode::InvalidInput);
    let restored = sheets::restore(session, &request("conditions", 2)).unwrap();
    let conditions = sheet_of(&restored, "conditions");
    assert_eq!((conditions.version, conditions.state), (3, TemplateState::BuiltIn));
    assert!(answers(session, "acne", En).text.starts_with("Acne is a disease"));
    assert_eq!(code_of(sheets::restore(session, &request(&key, 1))), ErrorCode::NotFound);
    assert_eq!(sheets::remove(session, &request(&key, 1)).unwrap().sheets.len(), 4);
    assert_eq!(answers(session, "opening hours", En).rule, "otherwise");

    let told = world.trail(session, "assistant_rules_changed");
    let states: Vec<_> = told.iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["removed", "built_in", "own", "own"]);
    let clinician = joins(&world, NURSE, Role::Clinician);
    assert_eq!(code_of(sheets::list(&clinician)), ErrorCode::NotPermitted);
    assert_eq!(code_of(sheets::save(&clinician, saving(None, 0, HOURS))), ErrorCode::NotPermitted);
}

#[test]
fn a_sheet_with_a_mistake_is_refused_with_its_lines_and_the_old_one_stays() {
    let world = World::founded();
    let session = &world.session;
    let wrong = "[[rule]]\nname = \"hours\"\narticles = [\"measles\"]\nwords.en = [\"hours\"]\nanswer.en = \"At {time}.\"\n";
    let refused = sheets::save(session, saving(Some("conditions"), 1, wrong)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert_eq!(refused.details["problems"][0]["field"], "source");
    let faults: Vec<_> = refused.details["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["line"].as_u64().unwrap(), fault["word"].as_str().unwrap()))
        .collect();
    assert_eq!(faults, [(3, "measles"), (5, "time")]);
    let broken =
        sheets::save(session, saving(Some("conditions"), 1, "[[rule]]\nname = \"a\nb\"")).unwrap_err();
    assert_eq!(broken.details["faults"][0]["line"], 3, "where the string should have ended before");
    let without = sheets::save(session, saving(Some("talk"), 1, HOURS)).unwrap_err();
    assert_eq!(without.details["faults"][0]["kind"], "no_otherwise");

    assert_eq!(sheet_of(&sheets::list(session).unwrap(), "conditions").version, 1);
    assert_eq!(answers(session, "eczema", En).rule, "eczema");
    assert!(world.trail(session, "assistant_rules_changed").is_empty());
}

#[test]
fn a_sheet_is_tried_before_it_is_saved_and_nothing_is_kept() {
    let world = World::founded();
    let session = &world.session;
    let trying = |key: Option<&str>, source: &str, question: &str| {
        let request = AssistantTryRequest {
            key: key.map(str::to_owned),
            source: source.into(),
            question: question.into(),
            language: En,
        };
        sheets::try_out(session, &request).unwrap()
    };
    let tried = trying(None, HOURS, "opening hours today");
    assert_eq!(tried.answer.unwrap().text, "8 to 17.");
    // The others stay as they are, and the one tried stands in its own place.
    assert_eq!(trying(None, HOURS, "eczema").answer.unwrap().rule, "eczema");
    assert_eq!(trying(Some("conditions"), HOURS, "eczema").answer.unwrap().rule, "otherwise");
    assert!(trying(None, HOURS, "").answer.is_none());
    let wrong = trying(None, "[[rule]]\nname = \"a\"\nanswer.en = \"One.\"", "one");
    assert_eq!((wrong.faults[0].line, wrong.faults[0].kind), (2, RuleFaultKind::NoWords));
    assert!(assistant::conversations(session).unwrap().is_empty());
    assert_eq!(sheets::list(session).unwrap().sheets.len(), 4);
}
