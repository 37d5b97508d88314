/** `npm run test:mssql`, `npm run test:mysql`: the suites that need no more than a server, whole, on the one that a variable names; what came of it is kept with its date. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integrationMssql } from '../bench/integration/mssql.ts';
import { integrationMysql } from '../bench/integration/mysql.ts';
import { keep } from '../bench/kept.ts';
import { root } from './runtime.mjs';

const of = (folder, ...names) => names.map((name) => `tests/databases/${folder}/${name}.test.ts`);

const servers = {
  mssql: {
    variable: 'HYGGE_TEST_MSSQL',
    address: 'mssql://user:password@host:1433?trust_server_certificate=true',
    instead: 'a test server that is no SQL Server',
    open: integrationMssql,
    suites: of('sqlserver', 'store', 'home', 'cut'),
  },
  mysql: {
    variable: 'HYGGE_TEST_MYSQL',
    address: 'mysql://user:password@host:3306?tls=require',
    instead: 'the MariaDB of this machine',
    open: integrationMysql,
    suites: of('mysql', 'store', 'home-contract', 'cut'),
  },
};

async function main(which) {
  const server = servers[which];
  if (server === undefined) throw new Error(`which server? ${Object.keys(servers).join(' or ')}`);
  const { variable, address, instead, open, suites } = server;
  if (!process.env[variable]) {
    process.stdout.write(`Skipped: ${variable} names no server (${address}). \`npm test\` runs these suites on ${instead}.\n`);
    return 0;
  }
  const { version } = await versionOf(open);
  const folder = mkdtempSync(join(tmpdir(), 'hygge-suites-'));
  const report = join(folder, 'report.json');
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'alone', '--reporter', 'default'];
  const args = [...vitest, '--reporter', 'json', '--outputFile.json', report, ...suites];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, HYGGE_WHOLE: '1' } });
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  const names = suites.map((path) => path.replace(/^.*\/|\.test\.ts$/g, '')).join(', ');
  keep('servers', `${which}: ${names}`, `${version}: ${numPassedTests} tests passed, ${numFailedTests} failed`);
  return status ?? 1;
}

async function versionOf(open) {
  await using server = await open();
  return { version: server.version };
}

process.exitCode = await main(process.argv[2]);
