use domain::patient::PatientDetails;
use jiff::civil::date;
use proptest::prelude::*;
use records::patients;

use crate::world::{World, details};

fn names(world: &World, query: &str) -> Vec<String> {
    let page = world.write(|tx| patients::search(tx, query, 50, 0));
    assert_eq!(page.total, page.patients.len() as u64, "{query}");
    page.patients.into_iter().filter(|p| !p.approximate).map(|p| p.family_name).collect()
}

fn nearly(world: &World, query: &str) -> Vec<String> {
    let page = world.write(|tx| patients::search(tx, query, 50, 0));
    page.patients.into_iter().filter(|p| p.approximate).map(|p| p.family_name).collect()
}

fn clinic() -> World {
    let world = World::new();
    let people = [
        PatientDetails {
            date_of_birth: date(1980, 12, 24),
            phone: "030 555 01".into(),
            ..details("Müller", "José")
        },
        PatientDetails { phone: "0171/2345".into(), ..details("Łukaszewicz", "Anna Maria") },
        PatientDetails { phone: String::new(), ..details("O'Brien-Straße", "Mülla") },
        PatientDetails { phone: String::new(), ..details("Zhang", "Wei") },
    ];
    world.write(|tx| people.iter().try_for_each(|person| patients::register(tx, person).map(|_| ())));
    world
}

#[test]
fn names_are_found_as_they_are_typed() {
    let world = clinic();
    for query in ["m", "mü", "mul", "müller", "MULLER", "muller jos", "jose muller", "José"] {
        assert!(names(&world, query).contains(&"Müller".to_owned()), "{query}");
    }
    assert_eq!(names(&world, "lukasz"), ["Łukaszewicz"]);
    assert_eq!(names(&world, "maria luk"), ["Łukaszewicz"]);
    for query in ["obrien", "o'brien", "brien-str", "strasse", "o’brien straße"] {
        let expected: &[&str] = if query == "brien-str" { &[] } else { &["O'Brien-Straße"] };
        assert_eq!(names(&world, query), expected, "{query}");
    }
    assert!(names(&world, "muller anna").is_empty());
    assert!(names(&world, "uller").is_empty());
}

#[test]
fn numbers_telephones_and_dates_are_found_however_they_are_written() {
    let world = clinic();
    for query in ["P-000001", "p1", "P-1", "000001", "p000001"] {
        assert_eq!(names(&world, query)[0], "Müller", "{query}");
    }
    for query in ["0171 2345", "01712345", "171 2345", "0171/2345", "(0) 171 2345", "2345", "1712"] {
        assert_eq!(names(&world, query), ["Łukaszewicz"], "{query}");
    }
    for query in ["1980-12-24", "24.12.1980", "12/24/1980", "24.12.", "1980", "müller 1980"] {
        assert_eq!(names(&world, query), ["Müller"], "{query}");
    }
    for query in ["9.3.1971", "09.03.1971", "1971-03-09"] {
        assert_eq!(names(&world, query).len(), 3, "{query}");
    }
}

#[test]
fn an_exact_number_comes_first_then_family_names_that_begin_so() {
    let world = clinic();
    world.write(|tx| {
        patients::register(tx, &PatientDetails { phone: "1 1 1".into(), ..details("Aaa", "Bbb") })
    });
    assert_eq!(names(&world, "1")[0], "Müller");
    assert_eq!(names(&world, "mul"), ["Müller", "O'Brien-Straße"]);
}

#[test]
fn an_empty_query_lists_everybody_by_name() {
    let world = clinic();
    assert_eq!(names(&world, "  "), ["Łukaszewicz", "Müller", "O'Brien-Straße", "Zhang"]);
}

#[test]
fn a_changed_name_is_found_and_the_old_one_is_not() {
    let world = clinic();
    let id = world.write(|tx| patients::search(tx, "zhang", 1, 0)).patients[0].id;
    world.write(|tx| patients::update(tx, id, 1, &details("Lindqvist", "Wei")));
    assert!(names(&world, "zhang").is_empty());
    assert_eq!(names(&world, "lindq"), ["Lindqvist"]);
}

#[test]
fn pages_of_a_broad_query_hold_everybody_once() {
    let world = World::new();
    world.write(|tx| {
        (0..1_000).try_for_each(|n| {
            // Every other one has the word as a given name only.
            let (family, given) = if n % 2 == 0 { ("Marder", "Bo") } else { ("Bo", "Marder") };
            patients::register(tx, &details(&format!("{family}{}", n % 7), given)).map(|_| ())
        })
    });
    for query in ["mar", "mar bo", "1"] {
        let mut seen = Vec::new();
        let mut total = 0;
        for offset in (0..1_200).step_by(90) {
            let page = world.write(|tx| patients::search(tx, query, 90, offset));
            total = page.total;
            seen.extend(page.patients.into_iter().map(|p| p.number));
        }
        let unique: std::collections::HashSet<_> = seen.iter().collect();
        assert_eq!((seen.len() as u64, unique.len() as u64), (total, total), "{query}");
        assert!(total > 400, "{query} {total}");
    }
    let first = world.write(|tx| patients::search(tx, "mar", 5, 0));
    assert!(first.patients.iter().all(|p| p.family_name == "Marder0"));
    let exact = world.write(|tx| patients::search(tx, "1", 3, 0));
    assert_eq!(exact.patients[0].number, "P-000001");
}

#[test]
fn merged_records_are_no_hits_however_many_there_are() {
    let world = World::new();
    let all: Vec<_> = world.write(|tx| {
        (0..505).map(|n| patients::register(tx, &details(&format!("Marder{n}"), "Bo"))).collect()
    });
    let page = || world.write(|tx| patients::search(tx, "mar", 20, 0));
    assert!(page().more);
    for pair in all[..10].chunks_exact(2) {
        let [kept, goes] = [&pair[0], &pair[1]];
        world.write(|tx| {
            patients::merge(tx, (kept.id, kept.version), (goes.id, goes.version), &kept.details).map(|_| ())
        });
    }
    assert_eq!((page().total, page().more), (500, false));
}

#[test]
fn very_many_hits_are_counted_to_an_end_and_all_of_them_are_listed() {
    let world = World::new();
    world.write(|tx| {
        (0..510).try_for_each(|n| patients::register(tx, &details(&format!("Marder{n}"), "Bo")).map(|_| ()))
    });
    let page = |query: &str, offset| world.write(|tx| patients::search(tx, query, 20, offset));
    let (many, rest) = (page("mar", 0), page("mar", 500));
    assert_eq!((many.total, many.more, many.patients.len()), (500, true, 20));
    assert_eq!((rest.total, rest.more, rest.patients.len()), (510, false, 10), "the last page ends the list");
    let none = page("mar", 520);
    assert_eq!((none.total, none.more, none.patients.len()), (510, false, 0));
    let few = page("marder19", 0);
    assert_eq!((few.total, few.more), (11, false));
    let all = page("", 0);
    assert_eq!((all.total, all.more), (510, false));
}

#[test]
fn slips_are_forgiven_and_say_so() {
    let world = clinic();
    world.write(|tx| {
        patients::register(tx, &details("Lindenhoff", "Brigitte"))?;
        patients::register(tx, &details("Mayr", "Hans"))
    });
    for query in
        ["lidnenhoff", "lindenhof brigite", "lindnehof", "lxndenhoff", "brigitte lidne", "Lindenhofff"]
    {
        assert!(names(&world, query).is_empty(), "{query}");
        assert_eq!(nearly(&world, query), ["Lindenhoff"], "{query}");
    }
    assert_eq!(nearly(&world, "meyer"), ["Mayr"]);
    assert_eq!(nearly(&world, "uller"), ["Müller"]);
    // Two neighbouring digits swapped.
    for query in ["0171 2354", "01712354", "0172/1345"] {
        assert!(nearly(&world, query).contains(&"Łukaszewicz".to_owned()), "{query}");
    }
    assert_eq!(nearly(&world, "1980-12-42"), ["Müller"]);
    assert_eq!(nearly(&world, "24.12.1908"), ["Müller"]);
    // Far is far, and a short word is taken as it stands.
    for query in ["lxxdenhoff", "zh", "wie", "qqqqqq", "muller anna zzzz", "019080"] {
        assert!(nearly(&world, query).is_empty(), "{query} {:?}", nearly(&world, query));
    }
}

#[test]
fn umlauts_are_found_with_two_letters_and_with_one() {
    let world = World::new();
    world.write(|tx| {
        for name in ["Müller", "Mueller", "Muller", "Größe", "Groesse", "Loew"] {
            patients::register(tx, &details(name, "Eva"))?;
        }
        Ok(())
    });
    for query in ["müller", "muller", "mueller"] {
        let mut found = names(&world, query);
        found.extend(nearly(&world, query));
        found.sort();
        assert_eq!(found, ["Mueller", "Muller", "Müller"], "{query}");
    }
    assert_eq!(names(&world, "groesse").len(), 2);
    assert_eq!(names(&world, "größe").len(), 2);
    assert_eq!(names(&world, "löw"), ["Loew"]);
}

#[test]
fn near_hits_follow_the_exact_ones_over_all_pages() {
    let world = World::new();
    world.write(|tx| {
        for (name, count) in [("Meier", 3), ("Meyer", 12)] {
            for _ in 0..count {
                patients::register(tx, &details(name, "Eva"))?;
            }
        }
        Ok(())
    });
    let mut seen = Vec::new();
    for offset in (0..20).step_by(4) {
        let page = world.write(|tx| patients::search(tx, "meier", 4, offset));
        assert_eq!(page.total, 15);
        seen.extend(page.patients);
    }
    assert_eq!(seen.len(), 15);
    assert!(seen[..3].iter().all(|p| !p.approximate && p.family_name == "Meier"));
    assert!(seen[3..].iter().all(|p| p.approximate && p.family_name == "Meyer"));
    let numbers: std::collections::HashSet<_> = seen.iter().map(|p| &p.number).collect();
    assert_eq!(numbers.len(), 15);
}

#[test]
fn a_name_that_nobody_has_any_more_leaves_the_vocabulary() {
    let world = clinic();
    let id = world.write(|tx| patients::search(tx, "zhang", 1, 0)).patients[0].id;
    world.write(|tx| patients::update(tx, id, 1, &details("Lindqvist", "Wei")));
    let count = |word: &str| -> i64 {
        world
            .raw()
            .query_row("SELECT count(*) FROM name_keys WHERE word = ?1", [word], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(count("zhang"), 0);
    assert!(count("lindqvist") > 0 && count("wei") > 0);
}

#[test]
fn no_query_breaks_the_search() {
    let world = clinic();
    // A letter that is younger than many tables of Unicode.
    assert!(names(&world, "\u{b32}\u{1970}0").is_empty());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&"\\PC{0,24}|[\"'*()^:{}+ a-z0-9-]{0,16}|(AND|OR|NOT|NEAR)( [a-z\"*]{0,4}){0,3}", |query| {
            let page = world.store.write(&world.actor, |tx| patients::search(tx, &query, 5, 0));
            prop_assert!(page.is_ok(), "{query:?} {page:?}");
            Ok(())
        })
        .unwrap();
}
