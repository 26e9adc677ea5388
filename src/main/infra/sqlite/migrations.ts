/**
 * Schema versions in order. Entry `n` takes a database from `PRAGMA user_version = n` to `n + 1`. Append only: an entry
 * that has been released is never edited, because databases out there have already been through it.
 */
export const migrations: readonly string[] = [
  /* 1: first release */ `
  CREATE TABLE jobs (
    job_id                TEXT PRIMARY KEY,
    repo                  TEXT NOT NULL,
    base_branch           TEXT NOT NULL,
    work_branch           TEXT NOT NULL,
    state                 TEXT NOT NULL,
    mode                  TEXT NOT NULL,
    waiting_for           TEXT,
    approval              TEXT NOT NULL,
    priority              INTEGER NOT NULL,
    model                 TEXT NOT NULL,
    manager_model         TEXT NOT NULL,
    specialists           TEXT NOT NULL,
    transitions_used      INTEGER NOT NULL,
    max_state_transitions INTEGER NOT NULL,
    tool_calls_used       INTEGER NOT NULL,
    max_tool_calls        INTEGER NOT NULL,
    auto_fix_rounds       INTEGER NOT NULL,
    plan_version          INTEGER NOT NULL,
    approved_plan_version INTEGER NOT NULL,
    snapshots             INTEGER NOT NULL,
    base_commit           TEXT,
    head_commit           TEXT,
    error                 TEXT,
    retry_of              TEXT,
    idempotency_key       TEXT,
    version               INTEGER NOT NULL,
    created_at_ms         INTEGER NOT NULL,
    updated_at_ms         INTEGER NOT NULL,
    goal                  TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_newest ON jobs (created_at_ms, job_id);
  CREATE INDEX jobs_by_state ON jobs (state, created_at_ms, job_id);
  CREATE INDEX jobs_waiting ON jobs (created_at_ms, job_id)
    WHERE waiting_for IN ('plan_approval', 'answer', 'budget');
  CREATE INDEX jobs_by_repo ON jobs (repo, created_at_ms, base_branch);

  CREATE TABLE job_events (
    id       INTEGER PRIMARY KEY,
    job_id   TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    version  INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    state    TEXT NOT NULL,
    message  TEXT NOT NULL,
    metadata TEXT NOT NULL,
    UNIQUE (job_id, version)
  ) STRICT;
  CREATE TRIGGER job_events_no_update BEFORE UPDATE ON job_events
    BEGIN SELECT RAISE(ABORT, 'job_events is append-only'); END;
  CREATE TRIGGER job_events_no_delete BEFORE DELETE ON job_events
    BEGIN SELECT RAISE(ABORT, 'job_events is append-only'); END;

  -- lease_end_ms is 0 while nobody holds the row.
  CREATE TABLE queue (
    position        INTEGER PRIMARY KEY,
    job_id          TEXT NOT NULL UNIQUE REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    priority        INTEGER NOT NULL,
    available_at_ms INTEGER NOT NULL,
    lease_owner     TEXT,
    lease_end_ms    INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX queue_order ON queue (priority DESC, available_at_ms, position, lease_end_ms);
  CREATE INDEX queue_by_owner ON queue (lease_owner) WHERE lease_owner IS NOT NULL;

  CREATE TABLE idempotency_keys (
    key          TEXT PRIMARY KEY,
    job_id       TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    request_hash TEXT NOT NULL,
    at_ms        INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE plans (
    job_id  TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    plan    TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (job_id, version)
  ) STRICT;

  CREATE TABLE tasks (
    job_id  TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    task_id TEXT NOT NULL,
    status  TEXT NOT NULL,
    summary TEXT NOT NULL,
    PRIMARY KEY (job_id, task_id)
  ) STRICT;

  CREATE TABLE agent_messages (
    job_id TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    agent  TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    entry  TEXT NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (job_id, agent, seq)
  ) STRICT;

  CREATE TABLE sandbox_runs (
    run_id      TEXT PRIMARY KEY,
    job_id      TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    purpose     TEXT NOT NULL,
    command     TEXT NOT NULL,
    exit_code   INTEGER,
    timed_out   INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    output      TEXT NOT NULL,
    at_ms       INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sandbox_runs_by_job ON sandbox_runs (job_id);

  CREATE TABLE escalations (
    seq            INTEGER PRIMARY KEY,
    escalation_id  TEXT NOT NULL UNIQUE,
    at             TEXT NOT NULL,
    job_id         TEXT NOT NULL REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    severity       TEXT NOT NULL,
    reason         TEXT NOT NULL,
    metadata       TEXT NOT NULL,
    resolved_at_ms INTEGER,
    answer         TEXT
  ) STRICT;
  CREATE INDEX escalations_by_job ON escalations (job_id);
  CREATE INDEX escalations_open ON escalations (seq) WHERE resolved_at_ms IS NULL;

  CREATE TABLE audit (
    seq       INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    job_id    TEXT,
    category  TEXT NOT NULL,
    action    TEXT NOT NULL,
    metadata  TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash      TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
  CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

  CREATE TABLE usage_calls (
    id                INTEGER PRIMARY KEY,
    provider          TEXT NOT NULL,
    model             TEXT NOT NULL,
    job_id            TEXT,
    role              TEXT,
    prompt_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    estimated         INTEGER NOT NULL,
    outcome           TEXT NOT NULL,
    duration_ms       REAL NOT NULL,
    at_ms             INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX usage_calls_by_job ON usage_calls (job_id);

  -- One row a reset; calls with an id above the newest after_id are counted.
  CREATE TABLE usage_resets (
    id       INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,
    after_id INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE reports (
    job_id TEXT PRIMARY KEY REFERENCES jobs (job_id) DEFERRABLE INITIALLY DEFERRED,
    report TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  `,
  /* 2: accounts and sign-in */ `
  -- refresh_end_ms is 0 while nobody spends the refresh token.
  CREATE TABLE accounts (
    provider             TEXT NOT NULL,
    account_id           TEXT NOT NULL,
    name                 TEXT NOT NULL,
    kind                 TEXT NOT NULL,
    email                TEXT,
    plan                 TEXT,
    base_url             TEXT,
    active               INTEGER NOT NULL DEFAULT 0,
    state                TEXT NOT NULL,
    detail               TEXT NOT NULL,
    facts                TEXT NOT NULL,
    created_at_ms        INTEGER NOT NULL,
    last_used_at_ms      INTEGER,
    expires_at_ms        INTEGER,
    quota                TEXT,
    blocked_until_ms     INTEGER,
    max_cost_usd_per_day REAL,
    max_tokens_per_day   INTEGER,
    refresh_owner        TEXT,
    refresh_end_ms       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, account_id)
  ) STRICT;
  CREATE UNIQUE INDEX accounts_active ON accounts (provider) WHERE active = 1;

  -- nonce (12 bytes), tag (16), ciphertext; AES-256-GCM with the name as its additional data.
  CREATE TABLE secrets (
    name   TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    at_ms  INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE logins (
    login_id         TEXT PRIMARY KEY,
    provider         TEXT NOT NULL,
    account_id       TEXT NOT NULL,
    method           TEXT NOT NULL,
    state            TEXT NOT NULL,
    redirect_uri     TEXT,
    listening        INTEGER NOT NULL,
    notice           TEXT NOT NULL,
    user_code        TEXT,
    verification_url TEXT,
    error            TEXT,
    language         TEXT,
    http_timeout_ms  INTEGER NOT NULL,
    created_at_ms    INTEGER NOT NULL,
    expires_at_ms    INTEGER NOT NULL,
    owner            TEXT NOT NULL
  ) STRICT;
  CREATE INDEX logins_by_state ON logins (state, created_at_ms);
  `,
  /* 3: money */ `
  ALTER TABLE jobs ADD COLUMN max_cost_micros INTEGER;
  ALTER TABLE jobs ADD COLUMN max_tokens INTEGER;

  ALTER TABLE usage_calls ADD COLUMN reservation_id TEXT;
  ALTER TABLE usage_calls ADD COLUMN account_id TEXT NOT NULL DEFAULT 'default';
  ALTER TABLE usage_calls ADD COLUMN cached_tokens INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage_calls ADD COLUMN reasoning_tokens INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage_calls ADD COLUMN cost_micros INTEGER;
  ALTER TABLE usage_calls ADD COLUMN first_token_ms REAL;
  ALTER TABLE usage_calls ADD COLUMN error_kind TEXT;
  ALTER TABLE usage_calls ADD COLUMN day TEXT NOT NULL DEFAULT '';
  UPDATE usage_calls SET day = date(at_ms / 1000, 'unixepoch', 'localtime');
  CREATE UNIQUE INDEX usage_calls_by_reservation ON usage_calls (reservation_id) WHERE reservation_id IS NOT NULL;
  CREATE INDEX usage_calls_by_day ON usage_calls (day, id);

  -- tokens and micros count against the limits: the worst case while reserved, and after a crash; what it came to once
  -- settled. micros is NULL where the price is not known. The indexes hold all that the sums need.
  CREATE TABLE ledger (
    reservation_id TEXT PRIMARY KEY,
    state          TEXT NOT NULL,
    tokens         INTEGER NOT NULL,
    micros         INTEGER,
    prompt_tokens  INTEGER NOT NULL,
    job_id         TEXT,
    provider       TEXT NOT NULL,
    account_id     TEXT NOT NULL,
    model          TEXT NOT NULL,
    role           TEXT,
    day            TEXT NOT NULL,
    owner          TEXT NOT NULL,
    at_ms          INTEGER NOT NULL,
    settled_at_ms  INTEGER
  ) STRICT;
  CREATE INDEX ledger_by_job ON ledger (job_id, state, tokens, micros);
  CREATE INDEX ledger_by_day ON ledger (day, provider, account_id, state, tokens, micros);
  CREATE INDEX ledger_reserved ON ledger (at_ms) WHERE state = 'reserved';
  `,
  /* 4: the steps of a job leave the indexes over states alone */ `
  ALTER TABLE jobs ADD COLUMN ended_at_ms INTEGER;
  UPDATE jobs SET ended_at_ms = updated_at_ms WHERE state IN ('completed', 'failed', 'canceled');
  DROP INDEX jobs_by_state;
  CREATE INDEX jobs_ended ON jobs (state, created_at_ms, job_id) WHERE ended_at_ms IS NOT NULL;
  CREATE INDEX jobs_active ON jobs (created_at_ms, job_id) WHERE ended_at_ms IS NULL;
  `,
];
