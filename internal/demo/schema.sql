-- The tables of the TutorMax stand-in. Times are ISO 8601 text. Every index
-- serves a query of a handler; without one a request would scan a table that
-- grows while the load test writes to it.

CREATE TABLE users (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL UNIQUE,
    password BLOB NOT NULL,
    active   INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE user_roles (
    user_id INTEGER NOT NULL REFERENCES users (id),
    role    TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
) WITHOUT ROWID;

CREATE TABLE tutors (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    hired_on TEXT NOT NULL,
    active   INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE students (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    grade INTEGER NOT NULL
);

CREATE TABLE sessions (
    id               INTEGER PRIMARY KEY,
    tutor_id         INTEGER NOT NULL REFERENCES tutors (id),
    student_id       INTEGER NOT NULL REFERENCES students (id),
    subject          TEXT NOT NULL,
    session_type     TEXT NOT NULL,
    scheduled_start  TEXT NOT NULL,
    actual_start     TEXT,
    duration_minutes INTEGER NOT NULL,
    status           TEXT NOT NULL,
    rating           REAL
);
CREATE INDEX sessions_of_tutor ON sessions (tutor_id, scheduled_start DESC);
CREATE INDEX sessions_measured ON sessions (tutor_id, status, rating, duration_minutes);

CREATE TABLE feedback (
    token           TEXT PRIMARY KEY,
    rating          INTEGER NOT NULL,
    tutor_knowledge INTEGER NOT NULL,
    communication   INTEGER NOT NULL,
    helpfulness     INTEGER NOT NULL,
    would_recommend INTEGER NOT NULL,
    comments        TEXT NOT NULL
);

CREATE TABLE alerts (
    id        INTEGER PRIMARY KEY,
    tutor_id  INTEGER NOT NULL REFERENCES tutors (id),
    kind      TEXT NOT NULL,
    severity  TEXT NOT NULL,
    status    TEXT NOT NULL,
    raised_at TEXT NOT NULL
);
CREATE INDEX alerts_by_status ON alerts (status, raised_at DESC);

CREATE TABLE interventions (
    id          INTEGER PRIMARY KEY,
    tutor_id    INTEGER NOT NULL REFERENCES tutors (id),
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    priority    TEXT NOT NULL,
    due_at      TEXT NOT NULL,
    assigned_to TEXT,
    outcome     TEXT,
    notes       TEXT
);
CREATE INDEX interventions_by_status ON interventions (status, due_at);

-- What to do about a tutor's weak side, joined to a tutor's figures.
CREATE TABLE advice (
    id       INTEGER PRIMARY KEY,
    subject  TEXT NOT NULL,
    below    REAL NOT NULL,
    action   TEXT NOT NULL,
    priority TEXT NOT NULL
);
CREATE INDEX advice_by_subject ON advice (subject, below);
