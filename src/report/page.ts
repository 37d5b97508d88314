/** The page: one HTML file that makes no request. The page has no script, and no fonts or images from elsewhere. A policy in its head enforces this. */
import { createHash } from 'node:crypto';
import { toMinute } from '../narrate/commands/schema-diff-lines.ts';
import { behindText, holderText } from '../narrate/commands/status-lines.ts';
import { asTyped, type CommandFlags } from '../narrate/text/as-typed.ts';
import { count, counted, duration } from '../narrate/text/figures.ts';
import { shortTime, span, spanAgo } from '../narrate/text/times.ts';
import { shownEntity, shownName, visible } from '../narrate/text/visible.ts';
import type { EntityKey, Instant } from '../ports/values.ts';
import { chartsOf } from './charts.ts';
import type { EntityFacts, ReportFacts, SchemaChange } from './facts.ts';
import { daysShown, type Level, shownSince } from './history.ts';
import { type Advice, type ConcernedEntity, needsOf, type ReportTrouble, range, verdictOf } from './needs.ts';
import { pageStyle } from './style.ts';

export interface PageOptions {
  /** The original messages of runs, which may quote data values. */
  readonly messages: boolean;
  /** The server of the page, or the place to which the page was written for others. Absent: the reader made the page. */
  readonly from?: 'app' | 'lake';
}

/** The summary that is shown outside the page. */
export interface Page {
  readonly html: string;
  readonly level: Level;
  readonly headline: string;
}

/** Pure: the same facts make the same page, to the byte. */
export function pageOf(facts: ReportFacts, options: PageOptions): Page {
  const needs = needsOf(facts, options);
  const verdict = verdictOf(facts, needs);
  const levels = levelsOf(needs);
  const ids = new Map(facts.entities.map(({ status }, at) => [keyOf(status), `e${at + 1}`]));
  const around: PageContext = { facts, ids, levels, nowMs: Date.parse(facts.now) };
  const body = [
    header(facts, verdict),
    '<main id="main">',
    needs.length === 0
      ? ''
      : section('Needs attention', `<ol class="needs">${needs.map((need, at) => needItem(need, at, around)).join('')}</ol>`),
    atWork(around),
    night(around),
    changes(around),
    entities(around),
    '</main>',
    footer(facts, options),
  ];
  const { level, headline } = verdict;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${marks[level]} ${text(calledIn(facts))}: ${text(headline)}</title>
<link rel="icon" href="${icon(level)}">
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#main">To the details</a>
${body.filter((part) => part !== '').join('\n')}
</body>
</html>
`;
  return { html, level, headline };
}

interface PageContext {
  readonly facts: ReportFacts;
  readonly ids: ReadonlyMap<string, string>;
  readonly levels: ReadonlyMap<string, Level>;
  readonly nowMs: number;
}

/** The policy of the page forbids to load, run or send anything. A style is allowed only with this hash, and a picture only inside the page. */
export const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;

const marks: Readonly<Record<Level, string>> = { good: '✓', caution: '!', bad: '✗' };
const colours: Readonly<Record<Level, string>> = { good: '2c6e4e', caution: '875600', bad: 'a92f26' };

/** The icon is inside the page, so that a browser does not request an icon. */
function icon(level: Level): string {
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='4' r='4' fill='%23${colours[level]}'/%3E%3C/svg%3E`;
}

const entity: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text that is safe in HTML and its attributes. The safe text cannot contain markup, reverse the text direction, or be hidden. */
function text(value: string): string {
  return visible(value).replace(/[&<>"']/g, (character) => entity[character] ?? '');
}

/** Sentences of hygge as HTML. A part in backticks is shown as a command. */
function prose(value: string): string {
  return text(value).replace(/`([^`]*)`/g, '<code>$1</code>');
}

const keyOf = ({ flow, entity: name }: EntityKey): string => JSON.stringify([flow, name]);

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

function levelsOf(needs: readonly ReportTrouble[]): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  for (const { level, of } of needs) for (const one of of) if (levels.get(keyOf(one)) !== 'bad') levels.set(keyOf(one), level);
  return levels;
}

function header(facts: ReportFacts, { level, headline, more }: ReturnType<typeof verdictOf>): string {
  const { night: ended, entities: all } = facts;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const failed = ended.filter(({ status }) => status === 'error').length;
  const settled = all.filter(({ status }) => status.settled_at !== null).length;
  const behind = all.flatMap(({ status }) => status.behind_seconds ?? []);
  const sums = [
    ['settled', `${count(settled)} of ${counted(all.length, 'entity', 'entities')}`],
    ['furthest behind', behind.length === 0 ? '–' : span(Math.max(...behind) * 1000)],
    ['rows moved in 24 h', count(sum(ended.map(({ rows, rows_updated: updated }) => rows + (updated ?? 0))))],
    ['runs in 24 h', failed === 0 ? count(ended.length) : `${count(ended.length)} (${count(failed)} failed)`],
  ];
  return `<header>
<p class="top"><b>${text(calledIn(facts))}</b> <span class="quiet">as of ${toMinute(facts.now)}</span></p>
<div class="verdict ${level}"><span class="mark" aria-hidden="true">${marks[level]}</span><h1>${text(headline)}</h1><p>${text(more)}</p></div>
<dl class="sums">${sums.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
</header>`;
}

/** How many items of a list are shown. The other items are only counted. */
const namedAtMost = 25;

function needItem({ level, code, title, meaning, of, tryThis }: ReportTrouble, at: number, around: PageContext): string {
  const more = of.length - namedAtMost;
  const typing = typingOf(around.facts);
  const known = code === '' ? '' : ` <small>${text(code)}</small>`;
  return `<li class="${level}" id="n${at + 1}"><h3><span aria-hidden="true">${marks[level]}</span> ${text(title)}${known}</h3>${
    meaning === null ? '' : `<p>${prose(asTyped(meaning, typing))}</p>`
  }<ul>${of
    .slice(0, namedAtMost)
    .map((one) => concernedItem(one, around))
    .join('')}${more > 0 ? `<li class="quiet">and ${counted(more, 'entity more', 'entities more')}</li>` : ''}</ul>${
    tryThis.length === 0 ? '' : `<ul class="try">${tryThis.map((advice) => adviceItem(advice, typing)).join('')}</ul>`
  }</li>`;
}

function concernedItem({ detail, message, ...key }: ConcernedEntity, { ids }: PageContext): string {
  const words = message.length === 0 ? '' : `<pre>${message.map(text).join('\n')}</pre>`;
  const id = ids.get(keyOf(key));
  const name =
    key.entity === '' ? (key.flow === '' ? '' : `<b>${text(shownName(key.flow))}</b>: `) : `<a href="#${id}">${nameText(key)}</a>: `;
  return `<li>${name}${text(detail)}${words}</li>`;
}

/** The workspace’s name with the chosen target: `northwind (prod)`. */
function calledIn({ workspace, target }: ReportFacts): string {
  return target === undefined ? workspace : `${workspace} (${target})`;
}

/** Commands assume the folder of the workspace. */
function typingOf({ target }: ReportFacts): CommandFlags {
  return { directory: null, target: target ?? null };
}

function adviceItem({ text: said, command }: Advice, typing: CommandFlags): string {
  return `<li>${prose(asTyped(said, typing))}${command === undefined ? '' : ` <code>${text(asTyped(command, typing))}</code>`}</li>`;
}

function nameText({ flow, entity: name }: EntityKey): string {
  return text(shownEntity(flow, name));
}

/** The current holders of leases. */
function atWork({ facts, ids }: PageContext): string {
  const held = facts.entities.flatMap(({ status }) => (status.held_by === null ? [] : [{ status, by: status.held_by }]));
  if (held.length === 0) return '';
  const items = held.slice(0, namedAtMost).map(({ status, by }) => {
    const gone =
      by.fate === 'dead'
        ? '; that run is gone, and the next run takes over'
        : `, until ${toMinute(by.until)} at least, unless it ends before`;
    return `<li><a href="#${ids.get(keyOf(status))}">${nameText(status)}</a>: ${text(holderText(by))}${gone}</li>`;
  });
  const more = held.length - namedAtMost;
  const rest = more > 0 ? `<li class="quiet">and ${counted(more, 'entity more', 'entities more')}</li>` : '';
  return section('Running now', `<ul class="list">${items.join('')}${rest}</ul>`);
}

function night({ facts }: PageContext): string {
  if (facts.night.length === 0) return '';
  const rows = [...Map.groupBy(facts.night, ({ flow }) => flow)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([flow, runs]) => {
      const of = (status: string): number => runs.filter((row) => row.status === status).length;
      const told = [
        ...(of('error') > 0 ? [`<span class="state bad">✗ ${of('error')} failed</span>`] : []),
        ...(of('warn') > 0 ? [`<span class="state caution">! ${of('warn')} with a warning</span>`] : []),
        ...(of('pass') > 0 ? [`${of('pass')} passed`] : []),
        ...(of('skip') > 0 ? [`${of('skip')} with nothing to do`] : []),
      ];
      const moved = runs.reduce((total, row) => total + row.rows + (row.rows_updated ?? 0), 0);
      const seconds = runs.reduce((total, row) => total + row.seconds, 0);
      return `<tr><th scope="row">${text(shownName(flow))}</th><td>${told.join(', ')}</td><td class="n">${count(moved)}</td><td class="n work">${duration(seconds)}</td></tr>`;
    });
  return section(
    'The last 24 hours',
    `<table><thead><tr><th scope="col">flow</th><th scope="col">runs of entities</th><th scope="col" class="n">rows</th><th scope="col" class="n work">run time</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

const changesAtMost = 40;

function changes({ facts, ids }: PageContext): string {
  if (facts.changes.length === 0) return '';
  const item = (one: SchemaChange): string => {
    const what = `${one.sign} ${one.column === null ? '' : `<b>${text(one.column)}</b> `}${text(one.became)}`;
    const outcome = one.outcome === null ? '' : `<small>: ${text(one.outcome)}</small>`;
    return `<li><span class="quiet">${one.at.slice(0, 10)}</span> <a href="#${ids.get(keyOf(one))}">${nameText(one)}</a> ${what}${outcome}</li>`;
  };
  const more = facts.changes.length - changesAtMost;
  const rest = more > 0 ? `<li class="quiet">and ${count(more)} before</li>` : '';
  return section('Columns that changed', `<ul class="list">${facts.changes.slice(0, changesAtMost).map(item).join('')}${rest}</ul>`);
}

/** With more flows than this number, only flows with problems are unfolded. */
const openAtMost = 60;

function entities(around: PageContext): string {
  const { facts, levels } = around;
  if (facts.entities.length === 0) return '';
  const few = facts.entities.length <= openAtMost;
  const flows = [...Map.groupBy(facts.entities, ({ status }) => status.flow)].map(([flow, all]) => {
    const worst = all.map(({ status }) => levels.get(keyOf(status)));
    const cannot = levels.has(keyOf({ flow, entity: '' }));
    const level = cannot || worst.includes('bad') ? 'bad' : worst.includes('caution') ? 'caution' : null;
    const amiss = worst.filter((one) => one !== undefined).length;
    const mark =
      level === null ? '' : ` <span class="state ${level}">${marks[level]} ${cannot ? 'cannot run' : `${count(amiss)} to look at`}</span>`;
    const open = few || level !== null ? ' open' : '';
    return `<details${open}><summary><h3>${text(shownName(flow))}</h3> <span class="quiet">${counted(all.length, 'entity', 'entities')}</span>${mark}</summary><div class="cards">${all.map((one) => card(one, around)).join('\n')}</div></details>`;
  });
  const from = shownSince(facts.now).slice(0, 10);
  const legend = `<p class="quiet">Charts show ${daysShown} days from left to right, from ${from} to ${facts.now.slice(0, 10)} (UTC); the highest value is next to each chart.</p>`;
  return section('All entities', `${legend}${flows.join('\n')}`);
}

function card(one: EntityFacts, { ids, levels, nowMs }: PageContext): string {
  const { status, history } = one;
  const level = levels.get(keyOf(status)) ?? (status.status === null ? null : 'good');
  const { moved, before } = history;
  const facts: (readonly [string, string])[] = [];
  if (moved !== null)
    facts.push([
      history.failing === null && history.stopped === null ? 'moved' : 'moved before',
      `${counted(moved, 'row')}${before === null ? '' : `<small>${compared(moved, before)}</small>`}`,
    ]);
  if (status.settled_at !== null) {
    const when = spanAgo(nowMs - Date.parse(status.settled_at));
    facts.push(['settled', status.settled_rows === null ? when : `${counted(status.settled_rows, 'row')}<small>${when}</small>`]);
  }
  if (status.behind_seconds !== null)
    facts.push([
      'behind',
      `${span(status.behind_seconds * 1000)}<small><time>${text(
        shortTime(status.watermark ?? '')
          .slice(0, 16)
          .replace('T', ' '),
      )}</time></small>`,
    ]);
  if (status.verified !== undefined)
    facts.push(['verified', `${text(status.verified.verdict)}<small>${spanAgo(nowMs - Date.parse(status.verified.at))}</small>`]);
  if (status.replication !== undefined) facts.push(['replicated', replicationFact(status.replication, nowMs)]);
  if (status.next !== null) facts.push(['next run', nextText(status.next, nowMs)]);
  else if (status.schedule !== null) facts.push(['schedule', text(status.schedule)]);
  if (status.full_next) facts.push(['next run', 'a full load']);
  return `<article id="${ids.get(keyOf(status))}"${level === null ? '' : ` class="${level}"`}><div><h4>${text(shownName(status.entity))}</h4><p class="state">${stateText(one, level, nowMs)}</p></div><dl>${facts
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join('')}</dl><div class="charts">${chartsOf(history.days)}</div></article>`;
}

/** The progress of the replication, and the age of the answer. */
function replicationFact(replication: NonNullable<EntityFacts['status']['replication']>, nowMs: number): string {
  const { state, asked_at: askedAt, settled_since: isEarlier } = replication;
  const behind = behindText(replication);
  // The time of the commit is shown instead of its watermark, because a watermark may be a value of the data.
  const until = replication.until === null ? null : toMinute(replication.until.settled_at);
  const how = {
    replicated: until === null ? 'all' : `until ${until}`,
    probably: 'probably',
    waiting: behind ?? 'not yet',
    stopped: 'stopped',
  }[state];
  const more = [
    ...(state === 'stopped' && behind !== null ? [behind] : []),
    ...(state !== 'replicated' && until !== null ? [`until ${until}`] : []),
    `asked ${spanAgo(nowMs - Date.parse(askedAt))}${isEarlier ? ', before the last commit' : ''}`,
  ];
  return `${text(how)}<small>${text(more.join(', '))}</small>`;
}

function compared(moved: number, before: NonNullable<EntityFacts['history']['before']>): string {
  const last = before.runs === 1 ? 'the run before' : `the last ${count(before.runs)}`;
  const beyond = moved < before.least ? 'fewer than ' : moved > before.most ? 'more than ' : '';
  return `${beyond}${last}: ${range(before)}`;
}

function nextText(next: Instant, nowMs: number): string {
  const ms = Math.max(0, Date.parse(next) - nowMs);
  return ms < 86_400_000 ? `in ${span(ms)}` : toMinute(next);
}

function stateText({ status, history }: EntityFacts, level: Level | null, nowMs: number): string {
  const ago = status.last_run === null ? '' : `, ${spanAgo(nowMs - Date.parse(status.last_run))}`;
  const held = status.held_by !== null && status.held_by.fate !== 'dead' ? '; at work now' : '';
  return `${level === null ? '–' : marks[level]} ${said(status, history)}${ago}${held}`;
}

function said(status: EntityFacts['status'], history: EntityFacts['history']): string {
  if (status.unreadable !== null) return 'cannot be read';
  if (history.silent !== null) return 'silent';
  if (history.stopped !== null) return 'stopped';
  const words = { pass: 'passed', warn: 'passed with a warning', error: 'failed', skip: 'nothing new' } as const;
  const last = status.status === null ? 'never run' : words[status.status];
  const late = [...(status.stale_since === null ? [] : ['stale']), ...(status.overdue_since === null ? [] : ['overdue'])];
  return [...late, last].join('; ');
}

function footer(facts: ReportFacts, { messages, from }: PageOptions): string {
  const { ahead, unreadSchemas, version, now } = facts;
  const remarks = [
    ...(ahead === null
      ? []
      : [
          `The clocks of two machines disagree: ${counted(ahead.runs, 'run')} ended up to ${span(ahead.ms)} after this page was made, by the clock of the machine that ran it.`,
        ]),
    ...(unreadSchemas === 0
      ? []
      : [`The schemas of ${counted(unreadSchemas, 'entity', 'entities')} cannot be read, so their changes are not shown here.`]),
    messages
      ? 'This page contains the messages of runs. Messages may quote values of the data.'
      : `Messages are left out, because they may quote values of the data: \`${from === 'app' ? '?messages=true' : 'hygge report --messages'}\` includes them.`,
    ...(from !== undefined ? ['Commands are for the command line, where the workspace is.'] : []),
    `Made by hygge ${version} at ${now.slice(0, 19).replace('T', ' ')} UTC, only from its journal and state. This page sends no request to any server.`,
  ];
  return `<footer class="quiet">${remarks.map((remark) => `<p>${prose(asTyped(remark, typingOf(facts)))}</p>`).join('')}</footer>`;
}
