import type { RunningEntity } from './running-entity.ts';

/** The sentences about running work when a person stops the run. The sentences are printed at once, before the engine has stopped. */
export function interruptionMessage(running: readonly RunningEntity[], signal: 'SIGINT' | 'SIGTERM'): string {
  const deciding = running.filter((one) => one.stage === 'committing');
  const staging = running.filter((one) => one.stage !== 'committing' && one.stage !== 'waiting').length;
  const again = `${signal === 'SIGINT' ? 'Press Ctrl-C again to leave' : 'A second signal leaves'} at once.`;
  // Without running work, the run may still wait for the answer of a service.
  if (deciding.length + staging === 0)
    return `Stopping. Nothing was under way, so nothing changes.${running.length === 0 ? '' : ` ${again}`}`;
  const names = deciding.map((one) => one.label);
  const finishing = deciding.length === 0 ? null : `finishing the commit that has been decided (${listed(names)})`;
  const giving = staging === 0 ? null : 'dropping staged work: none of it was visible, and nothing was changed';
  const both = [finishing, giving].filter((part) => part !== null).join('; ');
  return `Stopping: ${both}. ${again}`;
}

/** The sentence that is printed if hygge exits without waiting. */
export const leftAtOnce = 'Stopped at once. State is intact: the next `hygge go` first finishes or drops the interrupted work.';

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
