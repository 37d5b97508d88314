/** Small charts of one entity: 90 days from left to right, today last. Drawn only with paths, a few hundred bytes each. */
import { counted, duration } from '../narrate/text/figures.ts';
import { span } from '../narrate/text/times.ts';
import { type DayFacts, daysShown, type Level } from './history.ts';

/** The height of a chart in units; a day is one unit wide. */
const height = 20;

/** Charts of rows, seconds, lag and outcomes, each with a caption in words. */
export function chartsOf(days: readonly DayFacts[]): string {
  if (days.every(({ level }) => level === null)) return `<p class="quiet">no run in ${daysShown} days</p>`;
  const rows = days.map((day) => day.rows);
  const seconds = days.map((day) => day.seconds);
  const lag = days.map((day) => day.lag);
  const behind = most(lag.map((one) => one ?? 0));
  return [
    figure('rows', `max ${counted(most(rows), 'row')}/day`, area(rows)),
    figure('time', `max ${duration(most(seconds))}/run`, area(seconds)),
    lag.every((one) => one === null)
      ? figure('lag', 'not known', '')
      : figure('lag', `max ${span(behind * 1000)}`, area(lag.map((one) => one ?? 0))),
    figure('days', outcomes(days), strips(days)),
  ].join('');
}

function figure(name: string, caption: string, drawing: string): string {
  return `<figure><figcaption>${name} <b>${caption}</b></figcaption><svg viewBox="0 0 ${daysShown} ${height}" aria-hidden="true">${drawing}</svg></figure>`;
}

function most(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}

/** An area with one step per day, from the baseline to the value. A value above zero is at least one unit high. */
function area(values: readonly number[]): string {
  const top = most(values);
  if (top === 0) return '';
  let path = `M0 ${height}`;
  let level = 0;
  for (let at = 0; at < values.length; ) {
    const value = unitsOf(values[at] ?? 0, top);
    let end = at + 1;
    while (end < values.length && unitsOf(values[end] ?? 0, top) === value) end += 1;
    path += `${value === level ? '' : `v${level - value}`}h${end - at}`;
    level = value;
    at = end;
  }
  return `<path d="${path}V${height}z"/>`;
}

function unitsOf(value: number, top: number): number {
  return value <= 0 ? 0 : Math.max(1, Math.round((value / top) * height));
}

/** Worse outcomes are higher, so that outcomes differ by height as well as by colour. */
const heights: Readonly<Record<Level, number>> = { good: 5, caution: 12, bad: height };

function strips(days: readonly DayFacts[]): string {
  return (['good', 'caution', 'bad'] as const)
    .map((level) => ({ level, path: strip(days, level) }))
    .filter(({ path }) => path !== '')
    .map(({ level, path }) => `<path class="${level}" d="${path}"/>`)
    .join('');
}

function strip(days: readonly DayFacts[], level: Level): string {
  let path = '';
  for (let at = 0; at < days.length; at += 1) {
    const from = at;
    while (days[at]?.level === level) at += 1;
    if (at > from) path += `M${from} ${height}v-${heights[level]}h${at - from}v${heights[level]}z`;
  }
  return path;
}

function outcomes(days: readonly DayFacts[]): string {
  const of = (level: Level): number => days.filter((day) => day.level === level).length;
  const [good, caution, bad] = [of('good'), of('caution'), of('bad')];
  const told = [
    ...(good > 0 ? [`${good} well`] : []),
    ...(caution > 0 ? [`${caution} not quite`] : []),
    ...(bad > 0 ? [`${bad} failed`] : []),
  ];
  return told.length === 0 ? 'no run' : told.join(', ');
}
