import type { LoginRow, LoginsTable } from '../../app/ports/account-store.ts';
import type { Connection } from './connection.ts';

type Stored = Omit<LoginRow, 'listening'> & { listening: number };

const columns = `login_id AS loginId, provider, account_id AS accountId, method, state, redirect_uri AS redirectUri,
  listening, notice, user_code AS userCode, verification_url AS verificationUrl, error, language,
  http_timeout_ms AS httpTimeoutMs, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, owner`;
const underWay = "state IN ('waiting', 'exchanging')";

export function createLoginsTable(db: Connection): LoginsTable {
  const get = db.query<[string], Stored>(`SELECT ${columns} FROM logins WHERE login_id = ?`);
  const list = db.query<[number], Stored>(
    `SELECT ${columns} FROM logins WHERE ${underWay} OR created_at_ms >= ? ORDER BY created_at_ms, login_id`,
  );
  const insert = db.command<[Stored]>(
    `INSERT INTO logins (login_id, provider, account_id, method, state, redirect_uri, listening, notice, user_code,
       verification_url, error, language, http_timeout_ms, created_at_ms, expires_at_ms, owner)
     VALUES (@loginId, @provider, @accountId, @method, @state, @redirectUri, @listening, @notice, @userCode,
       @verificationUrl, @error, @language, @httpTimeoutMs, @createdAtMs, @expiresAtMs, @owner)`,
  );
  const update = db.command<[Stored]>(
    `UPDATE logins SET state = @state, redirect_uri = @redirectUri, listening = @listening, notice = @notice,
       user_code = @userCode, verification_url = @verificationUrl, error = @error, expires_at_ms = @expiresAtMs,
       owner = @owner WHERE login_id = @loginId`,
  );
  const move = db.command<[string, string, string]>(
    'UPDATE logins SET state = ? WHERE login_id = ? AND state = ?',
  );
  const removeEnded = db.command<[number]>(`DELETE FROM logins WHERE NOT ${underWay} AND created_at_ms < ?`);
  return {
    insert: (row) => void insert.run(stored(row)),
    get: (loginId) => get.all(loginId).map(rowOf)[0] ?? null,
    list: (sinceMs = Number.MAX_SAFE_INTEGER) => list.all(sinceMs).map(rowOf),
    update: (row) => void update.run(stored(row)),
    move: (loginId, from, to) => move.run(to, loginId, from).changes === 1,
    removeEnded: (beforeMs) => void removeEnded.run(beforeMs),
  };
}

const stored = (row: LoginRow): Stored => ({ ...row, listening: row.listening ? 1 : 0 });
const rowOf = (row: Stored): LoginRow => ({ ...row, listening: row.listening === 1 });
