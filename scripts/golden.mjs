/** Writes the golden files of statements again, and has Microsoft's own grammar read that of T-SQL, where there is `dotnet` on the PATH. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const files = ['sqlserver', 'fabric-warehouse', 'postgres', 'mysql', 'sqlite', 'duckdb'].map(
  (engine) => `tests/databases/${engine}/golden.test.ts`,
);
spawnSync(process.execPath, [vitest, 'run', ...files, '-t', 'golden file', '--update'], { cwd: root, stdio: 'inherit' });

const artifacts = join(tmpdir(), 'hygge-tsql');
const scriptDom = 'Microsoft.SqlServer.TransactSql.ScriptDom 180.140.0';
parsed({ engine: 'sqlserver', dialect: 'server', grammar: `${scriptDom}, TSql130Parser` });
parsed({ engine: 'fabric-warehouse', dialect: 'fabric', grammar: `${scriptDom}, TSqlFabricDWParser` });

/** Has the golden file of an engine read by its grammar, and records what the grammar does not take. */
function parsed({ engine, dialect, grammar }) {
  const golden = join(root, `tests/databases/${engine}/golden.sql`);
  const record = join(root, `tests/databases/${engine}/golden.parsed.json`);
  const run = ['run', '--project', join(root, 'scripts/tsql'), '--artifacts-path', artifacts, '--', golden, dialect];
  const { status, stdout, stderr, error } = spawnSync('dotnet', run, { encoding: 'utf8' });
  if (status === 0) {
    const errors = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]');
    const sha256 = createHash('sha256').update(readFileSync(golden)).digest('hex');
    const told = { sha256, grammar, date: new Date().toISOString().slice(0, 10), errors };
    writeFileSync(record, `${JSON.stringify(told, null, 2)}\n`);
    for (const one of errors) process.stdout.write(`✗ ${engine}: ${one}\n`);
    if (errors.length === 0) process.stdout.write(`✓ golden.sql of ${engine} is T-SQL\n`);
    else process.exitCode = 1;
  } else {
    process.stdout.write(
      `· golden.sql of ${engine} was not read by its grammar: ${error ? 'there is no dotnet here' : `${stdout}${stderr}`}\n`,
    );
    process.exitCode = 1;
  }
}
