//! A clinic of the first release is opened by this one.

use rusqlite::Connection;

use crate::migrations::MIGRATIONS;

/// Steps of the first release.
const FIRST_RELEASE: usize = 17;

fn clinic_of_the_first_release() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    MIGRATIONS.to_version(&mut connection, FIRST_RELEASE).unwrap();
    for (number, (family, key)) in
        [("Müller", "muller"), ("Mueller", "mueller"), ("Zhang", "zhang")].iter().enumerate()
    {
        let id = format!("00000000-0000-7000-8000-00000000000{number}");
        connection
            .execute(
                "INSERT INTO patients (id, number, family_name, given_names, date_of_birth, sex, phone, email,
                     address, medical_history, risk_factors, family_key, given_key, registered_at, version)
                 VALUES (?1, ?2, ?3, 'Eva', '1971-03-09', 'female', '0171 234567', '', '', '', '[]', ?4, 'eva', 1, 1)",
                (&id, format!("P-{:06}", number + 1), family, key),
            )
            .unwrap();
        for (kind, given) in [("photo", 1), ("ai", 1), ("ai", 0)] {
            connection
                .execute(
                    "INSERT INTO consents (patient_id, kind, given, changed_at, changed_by) VALUES (?1, ?2, ?3, 7, ?1)",
                    (&id, kind, given),
                )
                .unwrap();
        }
    }
    connection.execute("INSERT INTO counters (name, value) VALUES ('patient', 3)", []).unwrap();
    connection
}

fn count(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn patients_and_consents_come_through_and_are_found_in_the_new_ways() {
    let mut connection = clinic_of_the_first_release();
    MIGRATIONS.to_latest(&mut connection).unwrap();
    let consents =
        |condition: &str| count(&connection, &format!("SELECT count(*) FROM consents WHERE {condition}"));
    assert_eq!((consents("1"), consents("kind = 'ai' AND given = 0"), consents("changed_at = 7")), (9, 3, 9));
    assert_eq!(consents("note = ''"), 9);
    assert_eq!(count(&connection, "SELECT max(row) FROM consents"), 9);
    assert_eq!(
        count(&connection, "SELECT count(*) FROM patients WHERE alert = '' AND merged_into IS NULL"),
        3
    );
    assert_eq!(count(&connection, "SELECT sequence FROM patient_numbers WHERE key = 'p000003'"), 3);
    let found = |word: &str| {
        count(
            &connection,
            &format!("SELECT count(*) FROM patient_search WHERE patient_search MATCH '\"{word}\"*'"),
        )
    };
    assert_eq!((found("muller"), found("mueller"), found("p3"), found("171234567")), (2, 1, 1, 3));
    assert!(count(&connection, "SELECT count(*) FROM name_keys WHERE word = 'zhang'") > 0);
    assert_eq!(count(&connection, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}
