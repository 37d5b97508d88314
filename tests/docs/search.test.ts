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
  ['monthly cost', 'costs', 'questions'],
  ['which role may deploy', 'costs'],
  ['resource providers', 'costs'],
  ['how many GB-seconds does a run take', 'costs'],
  ['on-premises database', 'on-premises'],
  ['VPN', 'on-premises', 'questions'],
  ['ExpressRoute', 'on-premises'],
  ['exit codes', 'operating', 'schedules'],
  ['completion in VS Code', 'editor'],
  ['put hygge on the PATH', 'install'],
  ['from YAML to a schedule in Azure', 'deploying'],
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
  ['2 a.m.', 'operating'],
  ['log files: where, how long', 'journal'],
];

/**
 * Questions that a data engineer wrote down before seeing hygge or its pages, with the sections that answer (page, `#`, beginning of the
 * anchor). Each has an answer.
 */
const strangersQuestions: readonly (readonly [question: string, ...sections: readonly string[]])[] = [
  ['how do I install this on windows', 'questions#how-do-i-install-it-on-windows-or-macos'],
  ['connect to on-prem sql server behind vpn', 'questions#how-do-i-connect-to-an-on-prem'],
  ['where do I put database passwords', 'questions#where-do-i-put-database-passwords'],
  ['only load new rows since last run', 'questions#how-do-i-load-only-rows-that-are-new'],
  ['updated_at column has ties, missing rows', 'questions#why-are-rows-missing'],
  ['deleted rows in source still in lake', 'incremental#deletes-that-the-source-does-not-report'],
  ['someone added a column to source table', 'questions#a-column-was-added'],
  ['column type changed from int to string', 'questions#the-type-of-a-column-changed'],
  ['decimal precision lost in parquet', 'questions#do-decimals-lose-precision'],
  ['timezone wrong for datetime columns', 'questions#why-is-a-datetime-column-hours-off'],
  ['get an email when nightly load fails', 'notify#', 'infrastructure#alerts'],
  ['how much does this cost per month', 'questions#what-does-it-cost'],
  ['what permissions does the database user need', 'questions#what-rights'],
  ['deploy to azure from github actions', 'pipelines#github-actions'],
  ['run every hour at night only', 'questions#how-do-i-run-it-every-hour'],
  ['out of memory on huge table', 'tuning#memory'],
  ['thousands of tiny parquet files', 'tuning#small-files'],
  ['hide email addresses and personal data', 'polish#mask-personal-data'],
  ['turn on sql server change tracking', 'sqlserver#change-tracking'],
  ['copy mysql table to parquet', 'copy#from-and-to'],
  ['mirror my tables into microsoft fabric', 'fabric#a-table-of-a-mirrored-database'],
  ['lost my laptop, where is the state', 'questions#my-laptop-and-the-state'],
  ['api returns 429 too many requests', 'errors-6000#hyg-6053', 'lake#requests-and-what-they-cost'],
  ['reload just one day of data', 'questions#how-do-i-reload-just-one-day'],
  ['check row counts match source and destination', 'verify#verify', 'questions#how-do-i-check-that-the-destination'],
  ['a run failed last night what do I do first', 'questions#a-run-failed-last-night', 'operating#at-two-in-the-morning'],
  ["leave one flow out of tonight's run", 'questions#how-do-i-disable-a-flow'],
  ['disable a flow temporarily', 'questions#how-do-i-disable-a-flow'],
  ['stop a run that is in progress', 'questions#how-do-i-stop'],
  ['another run holds the lock', 'questions#can-two-runs-work'],
  ['change the watermark column later', 'questions#how-do-i-change-the-watermark-column'],
  ['where are watermarks stored', 'questions#where-are-watermarks', 'state#'],
  ['keep the password out of the YAML', 'questions#where-do-i-put-database-passwords'],
  ['reload only last month', 'questions#how-do-i-reload-just-one-day'],
  ['how do I deploy a new version of a flow without downtime', 'functions#deploying'],
  ['full load into a mirrored database in Fabric', 'fabric#full-loads-of-a-mirrored-table'],
  ['command not found after install', 'install#'],
  ['merge many small parquet files into bigger ones', 'tuning#small-files', 'compact#'],
  ['airbyte alternative when should I not use this', 'questions#how-does-it-differ', 'coming-from#'],
  ['keep history SCD type 2', 'questions#is-the-history'],
  ['difference from Azure Data Factory copy activity', 'questions#how-does-it-differ'],
  ['limit load on production source database throttle', 'questions#the-source-database-is-slow'],
  ['test my pipeline in CI with GitHub Actions without touching production', 'questions#how-do-i-test', 'pipelines#github-actions'],
  ['corporate proxy and self-signed certificate error', 'questions#what-does-a-corporate-proxy'],
  ['load a 500 million row table without running out of memory', 'questions#how-do-i-load-a-very-large', 'tuning#memory'],
  ['deploy to Azure step by step', 'deploying#to-azure-step-by-step'],
  ['change data capture CDC or change tracking support', 'questions#is-change-data-capture', 'sqlserver#change-tracking'],
  ['composite primary key upsert', 'questions#which-key-does-a-merge-need'],
  ['dependencies between tables run order', 'questions#in-which-order-do-tables-run'],
  ['what does it cost to run on Azure Functions per month', 'questions#what-does-it-cost'],
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

describe('hygge docs answers a stranger with one of its first three sections', () => {
  test.each(strangersQuestions)('%s', (question, ...answering) => {
    const first = search(question).hits.slice(0, 3);
    const found = first.map(({ section }) => `${section.page}#${section.anchor}`);
    expect(
      found.filter((one) => answering.some((section) => one.startsWith(section))),
      `${question}: ${found.join(', ')}`,
    ).not.toEqual([]);
  });
});
