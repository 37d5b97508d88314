import mysql from 'mysql2/promise';
import { mariadbProblem, testMysql } from '../../tests/support/mariadb-process.ts';
import type { IntegrationServer } from './plan.ts';

/** The server that HYGGE_TEST_MYSQL names, or a MariaDB of this machine; either way with an account of its own, whose connections are hygge's alone. */
export async function integrationMysql(): Promise<IntegrationServer> {
  if (mariadbProblem() !== '') throw new Error(`${mariadbProblem()}, or name a server: HYGGE_TEST_MYSQL=mysql://user:password@host:3306`);
  const server = await testMysql();
  const { host, port, user, password, keys } = server;
  const tls = keys.tls === undefined ? {} : { ssl: { rejectUnauthorized: false } };
  const admin = await mysql.createConnection({ host, port, user, password, ...tls });
  const name = `hygge_it_${process.pid}`;
  const own = [name, `${name}_staging`, `${name}_metadata`] as const;
  const account = { user: name, password: `It-${process.pid}-integration` };
  await admin.query(`CREATE USER ${name} IDENTIFIED BY '${account.password}'`);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  for (const database of own) await admin.query(`GRANT ALL ON ${database}.* TO ${name}`);
  const [[row]] = await admin.query<mysql.RowDataPacket[]>('SELECT CONCAT(@@version_comment, " ", @@version) AS version');
  return {
    version: String(row?.version),
    rows: 300_000,
    connection: { type: 'mysql', ...keys, ...account, password: `\${HYGGE_INTEGRATION_PASSWORD}`, database: name },
    password: account.password,
    home: { booleans: true },
    store: { staging_schema: own[1], metadata_schema: own[2] },
    async connections() {
      const [[found]] = await admin.query<mysql.RowDataPacket[]>(
        `SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = '${name}'`,
      );
      return Number(found?.n);
    },
    async hold(connections) {
      const held = await Promise.all(Array.from({ length: connections }, () => mysql.createConnection({ host, port, ...account, ...tls })));
      return { [Symbol.asyncDispose]: async () => void (await Promise.all(held.map((one) => one.end()))) };
    },
    async [Symbol.asyncDispose]() {
      for (const database of own) await admin.query(`DROP DATABASE IF EXISTS ${database}`);
      await admin.query(`DROP USER ${name}`);
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}
