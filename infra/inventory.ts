import { resourceText } from '../src/narrate/commands/need-lines.ts';
import type { Deployment } from './deployment.ts';

/** The content of a target, in words. The inventory is stored with the rendered files, to report changes later, and contains no secret. */
export interface Inventory {
  readonly apps: Readonly<Record<string, AppInventory>>;
}

export interface AppInventory {
  readonly flows: readonly string[];
  readonly identity: string;
  /** The app's own storage, which stays when the app is removed. */
  readonly storage: string;
  readonly rights: readonly RightHeld[];
  readonly settings: Readonly<Record<string, string>>;
  /** Settings that are in the vault. */
  readonly secrets: readonly string[];
  readonly alerts: readonly string[];
  /** Whether the app, its storage, the config and the vault reject the internet. Absent: an earlier version wrote the inventory. */
  readonly closed: boolean;
}

export interface RightHeld {
  readonly right: string;
  readonly on: string;
}

export interface ResourceNames {
  readonly identity: string;
  readonly storage: string;
  readonly alerts: readonly string[];
}

/** @param named the names of each app's parts. */
export function inventoryOf({ apps, target }: Deployment, named: (app: string) => ResourceNames): Inventory {
  return {
    apps: Object.fromEntries(
      apps.map(({ name, flows, needs, settings }) => {
        const held = new Map<string, RightHeld>();
        for (const { part, requirement: one } of needs) {
          if (one.need !== 'role' || part === 'app') continue;
          const account = /^([a-z0-9-]+)\./.exec(one.resource.account ?? '')?.[1] ?? '';
          const isHeld = one.below !== undefined && target.settings.accounts?.[account]?.rights === 'folder';
          const right: RightHeld = { right: one.role, on: `${resourceText(one.resource)}${isHeld ? `, below ${one.below}` : ''}` };
          held.set(JSON.stringify(right), right);
        }
        const { identity, storage, alerts } = named(name);
        const app: AppInventory = {
          flows: flows.map((flow) => flow.name),
          identity,
          storage,
          rights: [...held].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right),
          settings: Object.fromEntries(settings.flatMap((one) => (one.value === null ? [] : [[one.name, one.value]]))),
          secrets: settings.flatMap((one) => (one.value === null ? [one.name] : [])),
          alerts,
          closed: target.settings.network?.closed === true,
        };
        return [name, app];
      }),
    ),
  };
}

export type ChangeKind = 'app' | 'network' | 'flow' | 'right' | 'secret' | 'setting' | 'alert';

/** One difference from the earlier render. */
export interface InventoryChange {
  readonly app: string;
  readonly kind: ChangeKind;
  /** `grew`: a right that is wider than before, or no longer limited to a folder; or a network that opens. */
  readonly change: 'added' | 'removed' | 'changed' | 'grew';
  readonly what: string;
}

const none: AppInventory = { flows: [], identity: '', storage: '', rights: [], settings: {}, secrets: [], alerts: [], closed: false };

/** The changes from one render to the next, app by app. */
export function changesBetween(before: Inventory, after: Inventory): readonly InventoryChange[] {
  const names = [...new Set([...Object.keys(before.apps), ...Object.keys(after.apps)])].sort();
  return names.flatMap((app) => {
    const [old, now] = [before.apps[app], after.apps[app]];
    const told = (kind: ChangeKind, change: InventoryChange['change'], what: string): InventoryChange => ({ app, kind, change, what });
    const whole =
      old === undefined && now !== undefined
        ? [told('app', 'added', `the app ${app}, with the identity ${now.identity}`)]
        : old !== undefined && now === undefined
          ? [told('app', 'removed', `the app ${app} and its identity ${old.identity}; its storage ${old.storage} stays`)]
          : [];
    const doors = old === undefined || now === undefined || old.closed !== !now.closed ? [] : [now.closed ? closes(told) : opens(told)];
    return [...whole, ...doors, ...partsBetween(old ?? none, now ?? none, told)];
  });
}

const opens = (told: Tell) => told('network', 'grew', 'the internet reaches the app, its storage, the storage of the config and the vault');
const closes = (told: Tell) =>
  told('network', 'changed', 'the app, its storage, the storage of the config and the vault refuse the internet');

type Tell = (kind: ChangeKind, change: InventoryChange['change'], what: string) => InventoryChange;

function partsBetween(old: AppInventory, now: AppInventory, told: Tell): readonly InventoryChange[] {
  const lists = (kind: ChangeKind, from: readonly string[], to: readonly string[]): readonly InventoryChange[] => [
    ...to.filter((one) => !from.includes(one)).map((one) => told(kind, 'added', one)),
    ...from.filter((one) => !to.includes(one)).map((one) => told(kind, 'removed', one)),
  ];
  const values = Object.keys(now.settings)
    .filter((name) => old.settings[name] !== undefined && old.settings[name] !== now.settings[name])
    .map((name) => told('setting', 'changed', `${name}: ${old.settings[name]} → ${now.settings[name]}`));
  return [
    ...lists('flow', old.flows, now.flows),
    ...rightsBetween(old.rights, now.rights, told),
    ...lists('secret', old.secrets, now.secrets),
    ...lists('setting', Object.keys(old.settings), Object.keys(now.settings)),
    ...values,
    ...lists('alert', old.alerts, now.alerts),
  ];
}

/** For the comparison, a right on a folder counts as a right on its container. */
const whole = ({ on }: RightHeld): string => on.replace(/, below .*$/s, '');

/** Rights that allow more than another right does. */
const lesser: Readonly<Record<string, readonly string[]>> = {
  'Storage Blob Data Contributor': ['Storage Blob Data Reader'],
  'Storage Blob Data Owner': ['Storage Blob Data Contributor', 'Storage Blob Data Reader'],
  Contributor: ['Viewer'],
};

/** A table in its database: `table public.x of erp of host` in `database erp of host`. */
const isIn = (inner: RightHeld, outer: RightHeld): boolean => inner.on.endsWith(` of ${outer.on.replace(/^\w+ /, '')}`);

/** For databases: `SELECT, INSERT` includes `SELECT`. */
function covers(more: RightHeld, less: RightHeld): boolean {
  const all = more.right.split(', ');
  return less.right.split(', ').every((one) => all.includes(one));
}

function rightsBetween(old: readonly RightHeld[], now: readonly RightHeld[], told: Tell): readonly InventoryChange[] {
  const same = (a: RightHeld, b: RightHeld) => a.right === b.right && a.on === b.on;
  const gained = now.filter((one) => !old.some((other) => same(one, other)));
  const lost = old.filter((one) => !now.some((other) => same(one, other)));
  const grew = (one: RightHeld) =>
    old.some(
      (other) =>
        (isIn(other, one) && covers(one, other)) ||
        (whole(other) === whole(one) && one.right !== other.right && covers(one, other)) ||
        (whole(other) === whole(one) &&
          (lesser[one.right]?.includes(other.right) || (other.right === one.right && other.on !== one.on && whole(one) === one.on))),
    );
  const text = ({ right, on }: RightHeld) => `${right} on ${on}`;
  return [
    ...gained.map((one) => told('right', grew(one) ? 'grew' : 'added', text(one))),
    ...lost.map((one) => told('right', 'removed', text(one))),
  ];
}
