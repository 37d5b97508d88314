/** Keys whose texts are numbers. 5.0 and 5.000 are the same number, but as texts they would be two keys. */
import { apartOnly } from '../../frames/rules/judge.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import type { Frame } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { numberWrittenTwice } from '../errors/writing.ts';
import type { Shaper } from '../schema/shaper.ts';

/** The accepted way to write a number, or a text that is no number: NaN, a word, an object. */
const oneWay = String.raw`^(?:0|-?(?:[1-9][0-9]*(?:\.[0-9]*[1-9])?|0\.[0-9]*[1-9]))$|[^0-9.eE+-]|^[.eE+-]*$`;

/** Throws HYG-2102 if a key has a number that is written in any other way. Keys that settle as numbers need no check, because they are compared as numbers. */
export async function checkNumberTextsInKeys(
  { spec, ports }: { readonly spec: EntitySpec; readonly ports: EnginePorts },
  frame: Frame,
  { shaping, settled }: { readonly shaping: Shaper; readonly settled: Schema },
): Promise<void> {
  const names = new Set(spec.watermark?.key);
  const rules = frame.schema.columns
    .filter((column) => names.has(column.name) && holdsNumberTexts(column) && settlesAsText(settled, shaping.settledName(column.name)))
    .map(({ name }) => ({ name, column: name, what: 'matches', pattern: oneWay }) as const);
  if (rules.length === 0) return;
  const { broken } = await ports.frames.judge(frame, { rules, ...apartOnly });
  if (broken === null) return;
  for (const rule of rules) {
    const { column } = rule;
    const { broken: ofColumn } = await ports.frames.judge(frame, { rules: [rule], ...apartOnly });
    const found = await ofColumn?.extremes({ column, type: { kind: 'string' } });
    if (found) throw numberWrittenTwice(spec, { column, example: found.min });
  }
}

/** Whether the column keeps the text of a number. A JSON document that is only a number keeps its original text, too. */
const holdsNumberTexts = ({ type, numberTexts }: Column) => (type.kind === 'string' && numberTexts === true) || type.kind === 'json';

const settlesAsText = ({ columns }: Schema, name: string) =>
  columns.some((column) => column.name === name && (column.type.kind === 'string' || column.type.kind === 'json'));
