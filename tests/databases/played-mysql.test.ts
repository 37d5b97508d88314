import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { connecting } from '../../src/databases/mysql/connect.ts';
import { destination } from '../../src/databases/mysql/destination.ts';
import type { MysqlKeys } from '../../src/databases/mysql/keys.ts';
import { copy } from '../../src/databases/mysql/write.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { type MysqlAnswer, playMysql } from '../support/played-mysql.ts';
import { testNetwork } from '../support/test-network.ts';

/** A session of hygge's own client. */
async function sessionOf(answer: (sql: string) => MysqlAnswer) {
  const server = await playMysql(answer);
  const keys = { pool_size: 1, connect_timeout: 15, ...server.keys } as unknown as MysqlKeys;
  const ways = connecting(keys, { root: '/', clock: realClock(), network: testNetwork });
  const session = await ways.open(undefined);
  return {
    session,
    seen: server.seen,
    async [Symbol.asyncDispose]() {
      await ways.close(session);
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a table of an engine without transactions is refused by name, with the statement that changes it', async () => {
  const table = { kind: 'BASE TABLE', engine: 'MyISAM', comment: '', options: '', bytes: '0' };
  await using opened = await sessionOf((sql) => (/from information_schema\.TABLES where/.test(sql) ? [table] : undefined));
  const inspecting = destination(opened.session, { schema: 'shop', name: 'e' }, 'hygge_staging');
  await expect(inspecting).rejects.toMatchObject({
    code: 'HYG-4250',
    what: 'shop.e is kept by MyISAM, which has no transactions.',
    tryThis: ['Have InnoDB keep it: ALTER TABLE `shop`.`e` ENGINE = InnoDB', expect.anything()],
  });
});

test.each([
  ["Data truncated for column 'note' at row 2", 'Column note', 'row 2', 'Data truncated (1265).'],
  ['Out of range value for column `shop`.`e`.`note` at row 2', 'Column note', 'row 2', 'Out of range (1265).'],
  ['The server is short of words', 'A value', 'a row', 'The server is short of words (1265).'],
])('a value of which the server warns “%s” is named by what it says of column and row', async (message, column, row, said) => {
  await using opened = await sessionOf((sql) => {
    if (/^show warnings/.test(sql)) return [{ Level: 'Warning', Code: '1265', Message: message }];
    return sql.startsWith('insert into') && sql.includes('far too long') ? { affectedRows: 2, warningCount: 1 } : undefined;
  });
  const builder = await frameBuilder({ columns: [{ name: 'note', type: { kind: 'string' }, nullable: true }] });
  for (const text of ['short', 'far too long']) builder.append([text]);
  const copying = copy(opened.session, { table: '`shop`.`e`' }, await builder.take(), () => undefined);
  await expect(copying).rejects.toMatchObject({
    code: 'HYG-4251',
    what: `${column} did not arrive in \`shop\`.\`e\` as it was sent.`,
    why: [`The server says so of ${row} of a piece that was staged: ${said}`, expect.anything()],
  });
});
