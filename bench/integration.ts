/** `npm run integration:mysql`, `npm run integration:mssql`: the plan against a server, and what came of it, kept with its date. */
import { join } from 'node:path';
import { benchFolder } from './data.ts';
import { integrationMssql } from './integration/mssql.ts';
import { integrationMysql } from './integration/mysql.ts';
import { type IntegrationServer, integrate, stagesOf } from './integration/plan.ts';
import { keep } from './kept.ts';

const servers: Readonly<Record<string, { readonly variable: string; open(): Promise<IntegrationServer> }>> = {
  mssql: { variable: 'HYGGE_TEST_MSSQL', open: integrationMssql },
  mysql: { variable: 'HYGGE_TEST_MYSQL', open: integrationMysql },
};

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(which = ''): Promise<void> {
  const chosen = servers[which];
  if (chosen === undefined) throw new Error(`which server? ${Object.keys(servers).join(' or ')}`);
  await using folder = await benchFolder();
  await using server = await chosen.open();
  const { version, standsFor } = server;
  say(version);
  const unproven = `NOT ${standsFor}: this proves that hygge’s bytes go there and come back, and that its pool holds; nothing about locks, speed, plans or types of ${standsFor}. ${chosen.variable} names a real one.`;
  if (standsFor !== undefined) say(`\n!!! ${unproven}\n`);
  for (const stage of stagesOf(server.rows)) {
    const { tables, rows, pool, most, looks, seconds } = await integrate(server, stage, join(folder.path, `integration-${stage.tables}`));
    const what = `${tables} ${tables === 1 ? 'table' : 'tables'} of ${rows.toLocaleString('en')} rows, a pool of ${pool}`;
    const came = `most connections at once by the server’s own view: ${most} (asked ${looks} times); debug counts the same; there in ${seconds.up.toFixed(1)} s, back in ${seconds.down.toFixed(1)} s; equal by column hashes`;
    say(`✓ ${what}: ${came}`);
    keep('integration', `${which}: ${what}`, `${standsFor === undefined ? version : `the test server, not ${standsFor}`}: ${came}`);
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  say(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
