import type { ErrorDetails } from '../../ports/events.ts';
import type { Palette } from './palette.ts';
import { visible, visibleLines } from './visible.ts';

/** The reasons and the advice of an error, below its headline. @param verbose with the statement that a database rejected. */
export function errorBody(error: ErrorDetails, palette: Palette, verbose = false): readonly string[] {
  const statement = verbose && error.statement !== undefined ? [error.statement] : [];
  return [
    ...place(error, palette),
    ...labelled('why', error.why, palette),
    ...labelled('sql', statement, palette),
    ...labelled('try', error.tryThis, palette),
  ];
}

/** `HYG-3004 The file is torn.` */
export function headline(error: ErrorDetails, palette: Palette): string {
  return `${palette.bad(visible(error.code))} ${visible(error.what)}`;
}

function place(error: ErrorDetails, palette: Palette): readonly string[] {
  const where = error.where;
  if (where === undefined) return [];
  const lines = [`    ${palette.quiet('at')}   ${visible(where.file)}:${where.line}:${where.column}`];
  if (where.text !== undefined) {
    const gutter = `${where.line} │ `;
    lines.push(`         ${palette.quiet(gutter)}${visible(where.text)}`);
    const before = visible(where.text.slice(0, Math.max(0, where.column - 1))).length;
    lines.push(`         ${' '.repeat(gutter.length + before)}${palette.bad('^')}`);
  }
  return lines;
}

function labelled(label: string, texts: readonly string[], palette: Palette): readonly string[] {
  return texts.flatMap((text, nth) =>
    visibleLines(text).map(
      (line, row) => `    ${nth === 0 && row === 0 ? palette.quiet(label.padEnd(4)) : '    '} ${row === 0 ? '' : '  '}${line}`,
    ),
  );
}

/** Whether two errors have the same text, so that they are shown once. */
export function errorIdentity(error: ErrorDetails): string {
  return JSON.stringify([error.code, error.what, error.why, error.tryThis, error.where?.file, error.where?.line]);
}
