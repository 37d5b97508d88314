import { describe, expect, test } from 'vitest';
import { commandTree, leaves } from '../../scripts/reference/cli-page.ts';
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
  ['monthly cost', 'questions', 'infrastructure'],
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

describe('the page of short answers', () => {
  const { sections } = pages.find(({ name }) => name === 'questions') ?? { sections: [] };
  const asked = sections.filter(({ level }) => level === 2);

  test.each(asked.map(({ heading, anchor }) => [heading, anchor] as const))('is found by its own question: %s', (heading, anchor) => {
    expect(search(heading).hits[0]?.section).toMatchObject({ page: 'questions', anchor });
  });

  test('answers briefly', () => {
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter(({ body }) => body.split(/\s+/).length > 75).map(({ heading }) => heading)).toEqual([]);
  });

  test('names commands and options that there are', () => {
    const known = new Map(leaves(commandTree()).map(({ name, command }) => [name, command]));
    const told = asked.flatMap(({ body }) => [...body.matchAll(/`(hygge [^`]+)`/g)].map(([, command = '']) => command));
    expect(told.length).toBeGreaterThan(15);
    for (const line of told.filter((one) => !one.startsWith('hygge docs'))) {
      const [, first = '', second = ''] = line.split(' ');
      const command = known.get(`hygge ${first} ${second}`) ?? known.get(`hygge ${first}`);
      expect([line, command === undefined]).toEqual([line, false]);
      const options = [...(command?.options ?? []), ...commandTree().options].flatMap(({ long, short }) => [long, short]);
      expect([line, (line.match(/ --?[a-z][\w-]*/g) ?? []).filter((flag) => !options.includes(flag.trim()))]).toEqual([line, []]);
    }
  });
});

describe('hygge docs finds among its first three pages', () => {
  test.each(questions)('%s', (question, ...answering) => {
    const first = foundFor(question).slice(0, 3);
    expect(
      first.filter((page) => answering.includes(page)),
      `${question}: ${first.join(', ')}`,
    ).not.toEqual([]);
  });
});
