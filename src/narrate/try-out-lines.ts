import type { EventBody } from '../ports/events.ts';
import { count, counted } from './figures.ts';
import { visible } from './visible.ts';

/** A run of which only the first rows settle, in a folder of their own. */
export interface TryOut {
  /** Rows of each entity. */
  readonly limit: number;
  /** As the person wrote it. */
  readonly directory: string;
}

export function tryOutOpening({ limit, directory }: TryOut): string {
  const rows = limit === 1 ? 'one row' : `${count(limit)} rows`;
  return `This is a try-out: at most ${rows} of each entity, into ${visible(directory)}. State and stores stay as they are.`;
}

export function tryOutClosing(event: Extract<EventBody, { readonly event: 'summary' }>, { directory }: TryOut): string {
  const settled = `${counted(event.rows, 'row lies', 'rows lie')} in ${visible(directory)}`;
  if (event.error > 0)
    return `${counted(event.error, 'entity needs', 'entities need')} attention. It was a try-out: ${settled}, nothing else changed.`;
  return `That was a try-out: ${settled}. State and stores are as they were.`;
}
