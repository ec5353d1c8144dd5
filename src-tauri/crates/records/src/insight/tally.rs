//! How many there are of what, kept up by triggers in the transaction of every change.
//!
//! A slot is a quarter of an hour of UTC: every offset of a time zone is a multiple of it, so that days, weeks
//! and months of the workstation are sums of slots wherever it stands, and a slot means the same after the
//! workstation has moved. What was deleted is not counted; what nobody is left of leaves no slot.

/// Micros in a slot.
pub(super) const SLOT: i64 = 15 * 60 * 1_000_000;

/// The rows of `insight_slots` that a reading counts in, of the row named `$row`.
macro_rules! reading {
    ($row:literal, $by:literal) => {
        concat!(
            "INSERT INTO insight_slots (facet, slot, value, count)
             SELECT facet, ",
            $row,
            ".analysed_at / 900000000, value, ",
            $by,
            " FROM (
                 SELECT 'band' AS facet,
                        CASE WHEN ",
            $row,
            ".gate = 'out_of_distribution' THEN 'unassessed'
                             WHEN ",
            $row,
            ".gate = 'inconclusive' AND ",
            $row,
            ".band = 'benign' THEN 'inconclusive'
                             ELSE ",
            $row,
            ".band END AS value
                 UNION ALL SELECT 'class', coalesce(",
            $row,
            ".label_code, '')
                 UNION ALL SELECT 'site', site FROM lesions WHERE id = ",
            $row,
            ".lesion_id
                 UNION ALL SELECT 'reviewer', coalesce(",
            $row,
            ".opened_by, ''))
             WHERE ",
            $row,
            ".deletion IS NULL
             ON CONFLICT (facet, slot, value) DO UPDATE SET count = count + excluded.count;\n"
        )
    };
}

macro_rules! photograph {
    ($row:literal, $by:literal) => {
        concat!(
            "INSERT INTO insight_slots (facet, slot, value, count)
             SELECT 'photographs', ",
            $row,
            ".imported_at / 900000000, '', ",
            $by,
            "
             WHERE ",
            $row,
            ".deletion IS NULL
             ON CONFLICT (facet, slot, value) DO UPDATE SET count = count + excluded.count;\n"
        )
    };
}

/// One more or less of a noun without slots, where the condition holds.
macro_rules! whole {
    ($facet:literal, $value:literal, $by:literal, $condition:literal) => {
        concat!(
            "INSERT INTO insight_totals (facet, value, count)
             SELECT '",
            $facet,
            "', ",
            $value,
            ", ",
            $by,
            " WHERE ",
            $condition,
            "
             ON CONFLICT (facet, value) DO UPDATE SET count = count + excluded.count;\n"
        )
    };
}

pub(crate) const SCHEMA: &str = concat!(
    "CREATE TABLE insight_slots (
        facet TEXT NOT NULL,
        slot  INTEGER NOT NULL,
        value TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (facet, slot, value)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE insight_totals (
        facet TEXT NOT NULL,
        value TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (facet, value)
    ) WITHOUT ROWID, STRICT;
    CREATE TRIGGER insight_slots_begin AFTER INSERT ON insight_slots BEGIN
        INSERT INTO insight_totals (facet, value, count) VALUES (NEW.facet, NEW.value, NEW.count)
        ON CONFLICT (facet, value) DO UPDATE SET count = count + excluded.count;
    END;
    CREATE TRIGGER insight_slots_change AFTER UPDATE OF count ON insight_slots BEGIN
        UPDATE insight_totals SET count = count + NEW.count - OLD.count
            WHERE facet = NEW.facet AND value = NEW.value;
        DELETE FROM insight_slots
            WHERE facet = NEW.facet AND slot = NEW.slot AND value = NEW.value AND count = 0;
    END;
    INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'photographs', imported_at / 900000000, '', count(*) FROM images
        WHERE deletion IS NULL GROUP BY 2;
    INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'band', analysed_at / 900000000,
            CASE WHEN gate = 'out_of_distribution' THEN 'unassessed'
                 WHEN gate = 'inconclusive' AND band = 'benign' THEN 'inconclusive' ELSE band END, count(*)
        FROM analyses WHERE deletion IS NULL GROUP BY 2, 3;
    INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'class', analysed_at / 900000000, coalesce(label_code, ''), count(*) FROM analyses
        WHERE deletion IS NULL GROUP BY 2, 3;
    INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'site', analysed_at / 900000000, site, count(*) FROM analyses
        JOIN lesions ON lesions.id = lesion_id WHERE deletion IS NULL GROUP BY 2, 3;
    INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'reviewer', analysed_at / 900000000, coalesce(opened_by, ''), count(*) FROM analyses
        WHERE deletion IS NULL GROUP BY 2, 3;
    INSERT INTO insight_totals (facet, value, count)
        SELECT 'patients', '', count(*) FROM patients WHERE merged_into IS NULL;
    INSERT INTO insight_totals (facet, value, count)
        SELECT 'lesions', '', count(*) FROM lesions WHERE closed_reason IS NOT 'entered_in_error';
    INSERT INTO insight_totals (facet, value, count)
        SELECT 'reports', state, count(*) FROM reports GROUP BY state;
    CREATE TRIGGER insight_reading_added AFTER INSERT ON analyses BEGIN\n",
    reading!("NEW", "1"),
    "END;
    CREATE TRIGGER insight_reading_changed AFTER UPDATE OF deletion, opened_by, lesion_id ON analyses BEGIN\n",
    reading!("OLD", "-1"),
    reading!("NEW", "1"),
    "END;
    CREATE TRIGGER insight_reading_removed AFTER DELETE ON analyses BEGIN\n",
    reading!("OLD", "-1"),
    "END;
    CREATE TRIGGER insight_site_changed AFTER UPDATE OF site ON lesions WHEN OLD.site <> NEW.site BEGIN
        INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'site', analysed_at / 900000000, OLD.site, -count(*) FROM analyses
        WHERE lesion_id = NEW.id AND deletion IS NULL GROUP BY 2
        ON CONFLICT (facet, slot, value) DO UPDATE SET count = count + excluded.count;
        INSERT INTO insight_slots (facet, slot, value, count)
        SELECT 'site', analysed_at / 900000000, NEW.site, count(*) FROM analyses
        WHERE lesion_id = NEW.id AND deletion IS NULL GROUP BY 2
        ON CONFLICT (facet, slot, value) DO UPDATE SET count = count + excluded.count;
    END;
    CREATE TRIGGER insight_photograph_added AFTER INSERT ON images BEGIN\n",
    photograph!("NEW", "1"),
    "END;
    CREATE TRIGGER insight_photograph_changed AFTER UPDATE OF deletion ON images BEGIN\n",
    photograph!("OLD", "-1"),
    photograph!("NEW", "1"),
    "END;
    CREATE TRIGGER insight_photograph_removed AFTER DELETE ON images BEGIN\n",
    photograph!("OLD", "-1"),
    "END;
    CREATE TRIGGER insight_patient_added AFTER INSERT ON patients BEGIN\n",
    whole!("patients", "''", "1", "NEW.merged_into IS NULL"),
    "END;
    CREATE TRIGGER insight_patient_changed AFTER UPDATE OF merged_into ON patients BEGIN\n",
    whole!("patients", "''", "-1", "OLD.merged_into IS NULL"),
    whole!("patients", "''", "1", "NEW.merged_into IS NULL"),
    "END;
    CREATE TRIGGER insight_patient_removed AFTER DELETE ON patients BEGIN\n",
    whole!("patients", "''", "-1", "OLD.merged_into IS NULL"),
    "END;
    CREATE TRIGGER insight_lesion_added AFTER INSERT ON lesions BEGIN\n",
    whole!("lesions", "''", "1", "NEW.closed_reason IS NOT 'entered_in_error'"),
    "END;
    CREATE TRIGGER insight_lesion_changed AFTER UPDATE OF closed_reason ON lesions BEGIN\n",
    whole!("lesions", "''", "-1", "OLD.closed_reason IS NOT 'entered_in_error'"),
    whole!("lesions", "''", "1", "NEW.closed_reason IS NOT 'entered_in_error'"),
    "END;
    CREATE TRIGGER insight_lesion_removed AFTER DELETE ON lesions BEGIN\n",
    whole!("lesions", "''", "-1", "OLD.closed_reason IS NOT 'entered_in_error'"),
    "END;
    CREATE TRIGGER insight_report_added AFTER INSERT ON reports BEGIN\n",
    whole!("reports", "NEW.state", "1", "TRUE"),
    "END;
    CREATE TRIGGER insight_report_changed AFTER UPDATE OF state ON reports BEGIN\n",
    whole!("reports", "OLD.state", "-1", "TRUE"),
    whole!("reports", "NEW.state", "1", "TRUE"),
    "END;
    CREATE TRIGGER insight_report_removed AFTER DELETE ON reports BEGIN\n",
    whole!("reports", "OLD.state", "-1", "TRUE"),
    "END;\n",
);
