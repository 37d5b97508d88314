/** Rows of one file, as rows of the home: widened, completed with nulls and with what the folders' names say. Plans stay plans. */

import type { Frame, Window } from '../../engine/contracts/contracts.ts';
import type { Conforms } from '../../frames/conform.ts';
import { polars } from '../../frames/native.ts';
import { asPolars, PolarsFrame } from '../../frames/polars-frame.ts';
import type { Fitting } from './shape.ts';
import { windowFilter } from './window-filter.ts';

/** `after`: rows of the frame that are not in it are left out. */
export async function reshaped(frame: Frame, fitting: Fitting, after: Window | null): Promise<Frame> {
  const fitted = await asFitted(frame, fitting);
  if (after === null) return fitted;
  const data = asPolars(fitted);
  const pl = await polars();
  const filter = windowFilter(pl, after);
  const rows = filter === undefined ? await data.collect() : await (await data.collect()).lazy().filter(filter).collect();
  return PolarsFrame.of({
    schema: fitting.schema,
    data: rows,
    bytes: Math.ceil((fitted.bytes * rows.height) / Math.max(1, fitted.rows)),
  });
}

function asFitted(frame: Frame, { schema, folders }: Fitting): Promise<Frame> {
  const own = new Set(frame.schema.columns.map(({ name }) => name));
  const columns = schema.columns.map(({ name, type }): Conforms => {
    const text = folders.find((folder) => folder.name === name)?.text ?? null;
    return { name, type, from: own.has(name) ? name : null, fill: text === null ? null : { type, text } };
  });
  return frame.conform({ schema, columns, samples: 'show' });
}
