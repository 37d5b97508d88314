import type { HomeError } from '../../errors/hygge-error.ts';
import type { Lexer } from '../bytes/json-lexer.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { accepts } from '../kernels/lines.ts';
import { jsonError } from './errors.ts';
import { PlainLines } from './plain-lines.ts';
import type { BadPlace, RecordSink } from './record-sink.ts';
import type { Shape } from './shape.ts';
import { mostNames, type ShapeScan, TooManyNames } from './shape-scan.ts';

/** Only scans the records. Bad records are skipped, because the real read reports them. */
export class ScanSink implements RecordSink {
  readonly scan: ShapeScan;
  first: BadPlace | undefined;

  readonly #plain: PlainLines | undefined;

  /** @param kernels the kernels whose memory contains the lines. */
  constructor(scan: ShapeScan, kernels?: Kernels) {
    this.scan = scan;
    this.#plain = kernels && new PlainLines(kernels, (names) => names.map(() => accepts.bare | accepts.text));
  }

  lines(): 'some' | 'none' {
    return this.#plain !== undefined && this.scan.passFamiliar(this.#plain) > 0 ? 'some' : 'none';
  }

  learn(lexer: Lexer, start: number): void {
    this.#plain?.learn(lexer, start);
  }

  record(offset: number): void {
    try {
      this.scan.record(offset);
    } catch (error) {
      throw error instanceof TooManyNames ? tooManyNames(error) : error;
    }
  }

  keep(): boolean {
    return false;
  }

  undo(): void {}

  bad(place: BadPlace): boolean {
    this.first ??= place;
    return false;
  }
}

/** Checks the names of parts that were scanned separately. Throws HYG-3404 if the parts together have too many different names. */
export function mustBeFewNames(root: Shape): void {
  let names = 0;
  const count = (shape: Shape): void => {
    for (const [name, field] of shape.fields ?? []) {
      if (++names > mostNames) throw tooManyNames(new TooManyNames(name, 0));
      count(field);
    }
    if (shape.items) count(shape.items);
  };
  count(root);
}

function tooManyNames({ reason }: TooManyNames): HomeError {
  return jsonError('HYG-3404', `The records can't be a table: ${reason}.`);
}
