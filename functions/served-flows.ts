import type { App } from '../src/assembly/app.ts';
import { findFlows, type LoadedFlow, type OpenedConfig, openConfig } from '../src/assembly/app-config.ts';
import { mustSuitApp } from '../src/assembly/app-state.ts';
import { flowsSettingNames, scheduleInTwoZones, scheduleSetting } from '../src/assembly/errors.ts';
import { didYouMean } from '../src/errors/did-you-mean.ts';
import { ConfigError, ConnectionError } from '../src/errors/hygge-error.ts';
import { ofUnresolved, settingIn, unresolvedReference } from '../src/errors/unresolved-setting.ts';
import { withWaiting } from '../src/ports/retry.ts';
import { scheduleProblem } from '../src/workspace/schema/schedule.ts';
import { scheduled, settingOf, withZone } from '../src/workspace/schema/zones.ts';
import type { AppStart, ServedFlow } from './triggers/flows.ts';

/** Throws `ConfigErrors` if the workspace can’t be read at all. The app then does not start, and the platform’s log has the reason. */
export async function servedAtStart(app: App): Promise<AppStart> {
  const { env, clock } = app;
  const opened = await configAtStart(app);
  const found = await findFlows(env, opened, clock.now().slice(0, 10));
  for (const one of found) if (!('errors' in one)) mustSuitApp(one.workspace, env);
  const flows = chosen(found, settingIn(env, 'HYGGE_FLOWS')).map((one) => ({ found: one, ...scheduleOf(one, env) }));
  return { config: opened.id ?? 'folder', flows };
}

/** The platform gives a worker ten seconds to start, and then starts another worker. */
const patienceMs = 5_000;
const pauseMs = 500;

/** Throws the storage error if it persists. The platform restarts a failed app, with growing delays. */
async function configAtStart({ env, clock, random, network }: App): Promise<OpenedConfig> {
  const until = clock.monotonicMs() + patienceMs;
  const waiting = { clock, fraction: () => random.fraction(), untilMs: until };
  for (;;) {
    try {
      return await withWaiting(waiting, () => openConfig(env, network, 'current'));
    } catch (error) {
      // Systems may reject the identity of a new machine at first.
      if (!(error instanceof ConnectionError) || clock.monotonicMs() + pauseMs > until) throw error;
      await clock.sleep(pauseMs);
    }
  }
}

/** `HYGGE_FLOWS`: names, separated by commas; unset or empty: all flows. An unknown name becomes a flow that answers with an error. */
function chosen(found: readonly LoadedFlow[], written: string | undefined): readonly LoadedFlow[] {
  const names = (written ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return found;
  const known = found.map(({ name }) => name);
  return [...new Set(names)].map(
    (name) => found.find((one) => one.name === name) ?? { name, errors: [flowsSettingNames(name, known, didYouMean(name, known))] },
  );
}

function scheduleOf(found: LoadedFlow, env: App['env']): Pick<ServedFlow, 'schedule' | 'scheduleError'> {
  const written = 'errors' in found ? null : found.flow.schedule;
  const { zone } = scheduled(written ?? '');
  const setting = settingOf(written ?? '');
  const elsewhere = ['WEBSITE_TIME_ZONE', 'TZ'].find((name) => isElsewhere(env[name]));
  if (zone !== null && elsewhere !== undefined)
    return { schedule: null, scheduleError: scheduleInTwoZones(found.name, { zone, setting: elsewhere }).toDetails() };
  if (written === null || setting === undefined) return { schedule: written, scheduleError: null };
  const value = env[setting];
  const unresolved = value === undefined ? undefined : unresolvedReference(value);
  if (unresolved !== undefined) return { schedule: null, scheduleError: new ConfigError(ofUnresolved(setting, unresolved)).toDetails() };
  // The platform resolves a timer’s reference to a setting, but not a reference from that setting to another one.
  const needs = value === undefined ? '' : value.includes('%') ? 'six cron fields' : scheduleProblem(value);
  if (value !== undefined && needs === undefined) return { schedule: withZone(value, zone), scheduleError: null };
  return { schedule: null, scheduleError: scheduleSetting(found.name, { setting, value, needs: needs ?? '' }).toDetails() };
}

/** Without this check, the platform would read the timer’s UTC fields in another zone. */
function isElsewhere(zone: string | undefined): boolean {
  return zone !== undefined && !/^:?(etc\/)?(utc|gmt|zulu|universal|coordinated universal time)?$/i.test(zone.trim());
}
