use super::*;
use crate::report_text::TextLanguage::{self, De, En, Es};
use crate::role::Role;

fn of_program() -> RuleBook {
    RuleBook::new(BUILT_IN.iter().map(|one| (one.key.to_owned(), one.sheet())).collect())
}

fn rule_of(book: &RuleBook, message: &str) -> String {
    book.find(message).unwrap().rule.name.clone()
}

fn answer(book: &RuleBook, message: &str, language: TextLanguage) -> AssistantAnswer {
    book.find(message).unwrap().answer(language, Role::Clinician, |_, _| None).unwrap()
}

fn faults(source: &str) -> Vec<(u32, RuleFaultKind)> {
    Sheet::read(source, false).unwrap_err().into_iter().map(|fault| (fault.line, fault.kind)).collect()
}

#[test]
fn every_sheet_of_the_program_reads_and_every_rule_answers_in_three_languages() {
    for one in BUILT_IN {
        let sheet = Sheet::read(one.source, one.key == TALK).unwrap_or_else(|faults| {
            panic!("{}: {faults:?}", one.key);
        });
        assert!(!sheet.rules.is_empty());
        for rule in &sheet.rules {
            for language in TextLanguage::ALL {
                let (told, answer) = rule.answer(language).unwrap();
                assert_eq!(told, language, "{} has no answer in {language:?}", rule.name);
                let text = answer.write(|figure| Some(format!("<{}>", figure.name())));
                assert!(!text.contains(['{', '}']) && text.trim() == text, "{}: {text}", rule.name);
                assert!(!answer.write(|_| None).is_empty());
            }
        }
    }
}

#[test]
fn every_word_of_every_rule_finds_its_rule_or_a_more_urgent_one() {
    let book = of_program();
    for one in BUILT_IN {
        for rule in one.sheet().rules {
            for phrase in &rule.phrases {
                let message = phrase.words.join(" ");
                let found = book.find(&message).unwrap();
                let outranks = (found.rule.urgent, found.rule.priority) > (rule.urgent, rule.priority);
                assert!(found.rule.name == rule.name || outranks, "{message}: {}", found.rule.name);
            }
        }
    }
}

#[test]
fn questions_as_people_ask_them_find_their_rules() {
    let book = of_program();
    for (message, rule) in [
        ("hi", "hello"),
        ("Guten Morgen!", "hello"),
        ("¡Hola!", "hello"),
        ("Thanks a lot", "thanks"),
        ("vielen Dank", "thanks"),
        ("How accurate is this?", "accuracy"),
        ("Wie genau ist die Auswertung?", "accuracy"),
        ("¿Qué precisión tiene?", "accuracy"),
        ("What helps against pimples?", "acne"),
        ("Was hilft gegen Pickel?", "acne"),
        ("¿Qué es el acne?", "acne"),
        ("My patient may have ECZEMA", "eczema"),
        ("Neurodermitis bei Kindern", "eczema"),
        ("Could this be melanoma?", "melanoma"),
        ("Ist das Hautkrebs?", "melanoma"),
        ("¿Puede ser cancer?", "melanoma"),
        ("hello, is it skin cancer or psoriasis", "melanoma"),
        ("Ist das ein Basaliom?", "basal-cell-carcinoma"),
        ("basal cell carcinoma on the nose", "basal-cell-carcinoma"),
        ("Schuppenflechte am Ellenbogen", "psoriasis"),
        ("How do I upload a picture?", "upload"),
        ("¿Cómo subo una foto?", "upload"),
        ("Wie funktioniert das?", "how-it-works"),
        ("how does it work", "how-it-works"),
        ("Is my data safe?", "privacy"),
        ("Sind meine Daten sicher?", "privacy"),
        ("¿Es seguro?", "privacy"),
        ("my mole is growing", "warning-signs"),
        ("Was sagt die Heatmap?", "heatmap"),
        ("what does out of distribution mean", "out-of-distribution"),
        ("segundo factor perdido", "second-factor"),
        ("Passwort vergessen", "password"),
        ("how do I undo a deletion", "delete-undo"),
        ("was kostet ein Fahrrad", "otherwise"),
        ("???", "otherwise"),
    ] {
        assert_eq!(rule_of(&book, message), rule, "{message}");
    }
}

#[test]
fn a_word_counts_where_it_stands_alone() {
    let book = of_program();
    for message in [
        "this is nothing",
        "they went",
        "a chill breeze",
        "cancellation",
        "I want one",
        "ich denke nach",
        "shipping",
        "un lugar tranquilo",
        "she warns them",
        "cancel it",
    ] {
        assert_eq!(rule_of(&book, message), "otherwise", "{message}");
    }
}

#[test]
fn case_accents_and_a_few_wrong_letters_are_forgiven_and_told() {
    let book = of_program();
    for (message, rule, typed, meant) in [
        ("MELANOMA", "melanoma", None, None),
        ("naevus", "melanocytic-naevus", None, None),
        ("Nävus", "melanocytic-naevus", None, None),
        ("rosácea", "rosacea", None, None),
        ("Muttermla", "melanocytic-naevus", Some("Muttermla"), Some("Muttermal")),
        ("psoriasys", "psoriasis", Some("psoriasys"), Some("psoriasis")),
        ("acen", "acne", Some("acen"), Some("acne")),
        ("melnaoma", "melanoma", Some("melnaoma"), Some("melanoma")),
        ("vitilgo", "vitiligo", Some("vitilgo"), Some("vitiligo")),
        ("Genauigkiet?", "accuracy", Some("Genauigkiet"), Some("Genauigkeit")),
        ("contrasena", "password", None, None),
    ] {
        let found = book.find(message).unwrap();
        assert_eq!(found.rule.name, rule, "{message}");
        let told = found.understood.first();
        assert_eq!(told.map(|one| one.typed.as_str()), typed, "{message}");
        assert_eq!(told.map(|one| one.meant.as_str()), meant, "{message}");
    }
}

#[test]
fn urgent_answers_say_so_and_only_greetings_go_without_the_disclaimer() {
    let book = of_program();
    for language in [En, De, Es] {
        assert!(answer(&book, "melanoma", language).urgent);
        assert!(answer(&book, "melanoma", language).disclaimer);
        assert!(!answer(&book, "hello", language).disclaimer);
        assert!(answer(&book, "thanks", language).disclaimer);
        assert!(answer(&book, "zebra", language).disclaimer);
        assert!(!answer(&book, "psoriasis", language).urgent);
    }
    assert!(answer(&book, "hello", De).text.starts_with("Guten Tag"));
}

#[test]
fn answers_lead_to_articles_and_to_screens_that_the_role_may_see() {
    let book = of_program();
    let links = |message: &str, role| {
        let found = book.find(message).unwrap();
        found.answer(En, role, |_, _| None).unwrap()
    };
    let article = |slug: &str| AssistantLink::Article { slug: slug.into() };
    let screen = |desk| AssistantLink::Screen { desk };
    assert_eq!(links("eczema", Role::FrontDesk).links, [article("eczema")]);
    assert_eq!(links("backup", Role::Administrator).links, [screen(AssistantScreen::Backup)]);
    assert!(links("backup", Role::FrontDesk).links.is_empty());
    let both = links("upload a photograph of psoriasis", Role::Clinician);
    assert_eq!((both.rule.as_str(), both.also.as_slice()), ("upload", &[article("psoriasis")][..]));
}

#[test]
fn a_line_whose_figure_is_not_known_is_left_out() {
    let source = "[[rule]]\nname = \"a\"\nwords.en = [\"alpha\"]\nanswer.en = \"\"\"\nOne.\nOf {accuracy}.\nTwo.\n\n- first\n- second\n\nEnd.\"\"\"\n";
    let book = RuleBook::new(vec![("s".into(), Sheet::read(source, false).unwrap())]);
    let found = book.find("alpha").unwrap();
    let without = found.answer(En, Role::Clinician, |_, _| None).unwrap();
    assert_eq!(without.text, "One. Two.\n\n- first\n- second\n\nEnd.");
    let with = found.answer(Es, Role::Clinician, |_, _| Some("78 %".into())).unwrap();
    assert_eq!(with.text, "One. Of 78 %. Two.\n\n- first\n- second\n\nEnd.");
    assert_eq!(with.language, En, "it has no Spanish");
    assert!(book.find("beta").is_none());
}

#[test]
fn a_mistake_is_named_with_its_line() {
    use RuleFaultKind as Kind;
    let rule = |lines: &str| format!("[[rule]]\nname = \"a\"\n{lines}\n");
    let good = "words.en = [\"alpha\"]\nanswer.en = \"One.\"";
    for (source, expected) in [
        ("[[rule]]\nname = \"a\nwords.en = []".to_owned(), (2, Kind::BadSyntax)),
        (rule(&format!("{good}\nword = 1")), (5, Kind::BadSyntax)),
        (rule("words.en = [\"alpha\"]"), (2, Kind::NoAnswer)),
        (rule("answer.en = \"One.\""), (2, Kind::NoWords)),
        (rule("words.en = [\"alpha\",\n \"?!\"]\nanswer.en = \"One.\""), (4, Kind::BadWord)),
        (
            rule("words.en = [\"alpha\"]\nanswer.en = \"\"\"\nOne.\nTwo {size}.\"\"\""),
            (6, Kind::UnknownFigure),
        ),
        (rule("words.en = [\"alpha\"]\nanswer.en = \"Two {\""), (4, Kind::BadBrace)),
        (rule("words.en = [\"alpha\"]\nanswer.en = \"{accuracy}\""), (4, Kind::MayBeEmpty)),
        (rule(&format!("articles = [\"measles\"]\n{good}")), (3, Kind::UnknownArticle)),
        (rule(&format!("screens = [\"kitchen\"]\n{good}")), (3, Kind::UnknownScreen)),
        (rule(&format!("priority = 12\n{good}")), (3, Kind::BadPriority)),
        (rule(good).replace("\"a\"", "\"A b\""), (2, Kind::BadName)),
        (format!("{0}{0}", rule(good)), (6, Kind::DuplicateName)),
        (rule("kind = \"otherwise\"\nanswer.en = \"One.\""), (2, Kind::OtherwiseMisplaced)),
        ("x".repeat(LONGEST_SHEET + 1), (0, Kind::TooLong)),
    ] {
        assert_eq!(faults(&source), [expected], "{source:.200}");
    }
    let talk = Sheet::read(&rule(good), true).unwrap_err();
    assert_eq!((talk[0].line, talk[0].kind), (0, Kind::NoOtherwise));
    let two = Sheet::read(&rule("articles = [\"x\"]\nscreens = [\"y\"]\nwords.en = [\"alpha\"]"), false);
    assert_eq!(two.unwrap_err().len(), 3, "all are told at once");
}

#[test]
fn names_of_screens_and_figures_are_those_of_their_words() {
    for screen in AssistantScreen::ALL {
        assert_eq!(serde_json::to_value(screen).unwrap(), screen.name());
        assert!(screen.is_open_to(Role::Administrator) && !screen.is_open_to(Role::PatientView));
    }
    for figure in Figure::ALL {
        assert_eq!(Figure::named(figure.name()), Some(figure));
    }
}

proptest::proptest! {
    #[test]
    fn any_message_has_an_answer(message in "\\PC{0,200}") {
        let book = of_program();
        proptest::prop_assert!(book.find(&message).is_some());
    }

    #[test]
    fn any_sheet_is_read_or_refused(source in "\\PC{0,300}") {
        let _ = Sheet::read(&source, false);
    }
}
