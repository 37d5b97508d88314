/**
 * The tests' server that speaks SQL Server's protocol, in a process of its own, for benchmarks of our own side: `read <rows>` has a table `dbo.rows` of so many,
 * made of a few that come again and again; `write` takes tables, and keeps of their rows no values. It says where it is on its first line, and ends with its standard input.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf, type MemoryDatabase } from '../tests/support/sqlserver.ts';
import { servedDatabases } from '../tests/support/sqlserver-databases.ts';
import { tdsServer } from '../tests/support/tds/server.ts';
import type { Answer, TdsRequest } from '../tests/support/tds/session.ts';
import type { Value } from '../tests/support/tds/values.ts';

const [, , doing, rows = '0'] = process.argv;

/** As bench/data.ts has them, but for two. */
const columns = {
  ...{ id: 'bigint not null', ts: 'datetime2(6)', amount: 'decimal(18,4)', price: 'float', qty: 'int', flag: 'bit' },
  ...{ code: 'nvarchar(10)', note: 'nvarchar(50)' },
};
const few = 5_000;

function rowAt(n: number): Value[] {
  const ts = new Date(Date.UTC(2020, 0, 1) + n * 37_000).toISOString().replace('T', ' ').replace('Z', '').padEnd(26, '0');
  const amount = `${(n * 7919) % 10_000}.${String((n * 31) % 10_000).padStart(4, '0')}`;
  const note = n % 5 === 0 ? null : `note ${n % 50_000}`;
  return [n, ts, amount, ((n * 997) % 1_000_003) / 997, n % 1000, n % 3 === 0, `C${String(n % 200).padStart(3, '0')}`, note];
}

function repeated(answering: (request: TdsRequest) => Promise<Answer | undefined>) {
  return async (request: TdsRequest): Promise<Answer | undefined> => {
    const answer = await answering(request);
    if (!/SELECT \[id\]/.test(request.sql) || answer === undefined || !('rows' in answer)) return answer;
    const once = [...(answer.rows as Iterable<readonly Value[]>)];
    const all = function* () {
      for (let left = Number(rows); left > 0; left -= few) yield* left < few ? once.slice(0, left) : once;
    };
    return { columns: answer.columns, rows: all() };
  };
}

async function reading() {
  const table = { name: 'dbo.rows', columns, rows: Array.from({ length: few }, (_, n) => rowAt(n)) };
  const memory: MemoryDatabase = { tables: [table] };
  const server = await tdsServer({ answers: repeated(answersOf(memory)) });
  const folder = mkdtempSync(join(tmpdir(), 'hygge-tds-'));
  const ca = join(folder, 'authority.pem');
  writeFileSync(ca, server.authority);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { host, port, user, password } = server;
  return `mssql://${user}:${password}@${host}:${port}?tls_ca_path=${encodeURIComponent(ca)}`;
}

const url = doing === 'read' ? await reading() : (await servedDatabases({ drains: true })).url;
process.stdout.write(`${url}\n`);
process.stdin.resume().once('end', () => process.exit(0));
