import { describe, expect, test } from 'vitest';
import { readHandbook } from '../../src/docs/pages.ts';
import { searchIn } from '../../src/docs/search.ts';
import { root } from '../architecture/sources.ts';

/** Questions of newcomers and operators, with the pages that answer. */
const questions: readonly (readonly [question: string, ...pages: readonly string[]])[] = [
  ['install without clone', 'install'],
  ['how do I uninstall', 'upgrading'],
  ['upgrade', 'upgrading'],
  ['is the state compatible', 'upgrading'],
  ['Excel', 'formats', 'coming-from'],
  ['SFTP as source', 'coming-from'],
  ['REST API as source', 'coming-from'],
  ['small files: compaction of a nightly lake', 'tuning'],
  ['how many tables/rows at once', 'tuning'],
  ['how fast', 'tuning'],
  ['compare with Sling', 'coming-from'],
  ['compare with dlt', 'coming-from'],
  ['how much memory does it need', 'tuning'],
  ['Docker image', 'install'],
  ['container to run it in', 'install'],
  ['telemetry', 'install'],
  ['support', 'install'],
  ['systemd timer', 'schedules'],
  ['Windows Task Scheduler', 'schedules'],
  ['from Airflow', 'schedules'],
  ['from Dagster', 'schedules'],
  ['GitHub schedule', 'schedules'],
  ['which role may deploy', 'infrastructure'],
  ['read the lake from DuckDB', 'reading'],
  ['read the lake from Spark', 'reading'],
  ['read the lake from Power BI', 'reading'],
  ['read the lake from Fabric', 'reading'],
  ['which files are the table: current.json', 'reading'],
  ['latest row by key', 'reading'],
  ['deletes in the source', 'incremental'],
  ['mask PII', 'polish'],
  ['hash PII', 'polish'],
  ['source = a SQL query', 'databases'],
  ['only some rows', 'formats'],
  ['only some columns', 'formats'],
  ['decimal comma', 'formats'],
  ['SSH tunnel', 'databases'],
  ['TLS', 'databases'],
  ['proxy', 'lake'],
  ['move the state from laptop to cloud', 'state'],
  ['rename a flow', 'recipes'],
  ['backfill', 'backfill'],
  ['alert to Teams', 'notify'],
  ['2 a.m.', 'commands'],
  ['log files: where, how long', 'journal'],
];

const { pages, glossary } = readHandbook(root);
const search = searchIn(pages, glossary);
const foundFor = (question: string) => search(question).hits.map(({ section }) => section.page);

describe('hygge docs finds among its first three pages', () => {
  test.each(questions)('%s', (question, ...answering) => {
    const first = foundFor(question).slice(0, 3);
    expect(
      first.filter((page) => answering.includes(page)),
      `${question}: ${first.join(', ')}`,
    ).not.toEqual([]);
  });
});
