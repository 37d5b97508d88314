import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { linesIn, pictureOf } from '../../scripts/recording/picture.ts';
import { type Stretch, screenAfter } from '../../scripts/recording/screen.ts';
import { root } from '../architecture/sources.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { blocksOf } from './blocks.ts';

const picture = join(root, 'docs', 'pictures', 'copy.svg');
const title = 'A recorded session: two tables of PostgreSQL are copied into a lake, and the same command again finds nothing new';
const command = "hygge copy 'postgres://me@db.example/shop#sales.*' lake --watermark updated_at";

/** Two tables of a shop. */
const shop = `
  create schema sales;
  create table sales.orders (id int primary key, updated_at timestamp not null, total numeric(8, 2));
  insert into sales.orders select i, timestamp '2026-11-01' + i * interval '1 minute', i / 7.0 from generate_series(1, 12000) as i;
  create table sales.customers (id int primary key, updated_at timestamp not null, name text);
  insert into sales.customers select i, timestamp '2026-11-01' + i * interval '1 hour', 'customer ' || i from generate_series(1, 480) as i;
  create index on sales.orders (updated_at);
  create index on sales.customers (updated_at);
  analyze;
`;

/** What a terminal shows after the command was typed twice. */
async function recorded(): Promise<readonly (readonly Stretch[])[]> {
  buildOnce();
  await using admin = await postgresDatabase(undefined, 'postgres');
  await admin.sql('drop database if exists shop with (force)');
  await admin.sql('create database shop');
  await using db = await postgresDatabase(undefined, 'shop');
  await db.sql(shop);
  const folder = mkdtempSync(join(tmpdir(), 'hygge-'));
  const typed = command.replace('me@db.example/shop', `${db.user}@localhost:${db.port}/${db.database}`).replace('hygge', '');
  const once = `printf '$ COMMAND\\n'; '${node}' '${hyggeCommand}' ${typed}`;
  try {
    const { stdout } = await promisify(execFile)('script', ['-qec', `stty cols 96 rows 40; ${once}; echo; ${once}`, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: undefined, TERM: 'xterm-256color', SHELL: '/bin/sh', PGPASSWORD: db.password },
    });
    const shown = stdout.replaceAll('COMMAND', command).replaceAll(`${db.user}@`, 'me@').replaceAll(`localhost:${db.port}/`, 'db.example/');
    return screenAfter(shown);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines as they would be without a margin, in any order: entities are copied at once. Times and speeds differ from day to day. */
function settledDown(lines: readonly string[]): readonly string[] {
  return lines
    .join('\n')
    .replace(/\\?\n {4,}/g, ' ')
    .split('\n')
    .map((line) =>
      line
        .replace(/\d+(\.\d+)? (ms|s)\b/g, '# s')
        .replace(/ \([\d,.]+[kM]?\/s\)/g, '')
        .replace(/[\d.]+ kB/g, '# kB')
        .replace(/(?<=\S) +/g, ' ')
        .trimEnd(),
    )
    .filter((line) => line !== '')
    .sort();
}

const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe.skipIf(noPostgres() !== '')('the session that is recorded in docs/pictures/copy.svg', () => {
  test('is what the command prints', async () => {
    const lines = await recorded();
    if (process.env.HYGGE_RECORD === '1') writeFileSync(picture, pictureOf(lines, title));
    const texts = lines.map((line) => line.map(({ text }) => text).join(''));
    expect(settledDown(linesIn(readFileSync(picture, 'utf8')))).toEqual(settledDown(texts));
  });

  test('is the one that the first screen of the README tells', () => {
    const shown = settledDown(linesIn(readFileSync(picture, 'utf8')));
    const [typed, printed, again, nothing] = blocksOf(readme).map(({ text }) => text);
    expect([typed, again]).toEqual([command, command]);
    for (const line of settledDown(`${printed}\n${nothing}`.split('\n'))) expect(shown).toContain(line);
  });
});
