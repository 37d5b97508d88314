import { hubName } from '../../src/pack/host.ts';
import { hash, slug } from '../slug.ts';

/** The part of names that distinguishes one workspace in one resource group from all other workspaces. */
export interface Scope {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** Names of the resources of an app. Each name is legal and stable, and differs for apps whose names differ only in a dash or in case. */
export interface AppNames {
  /** The name of the app’s site, also on the internet: 2 to 60 letters, digits and dashes. */
  readonly site: string;
  readonly plan: string;
  readonly identity: string;
  readonly insights: string;
  /** The name of the storage account: 3 to 24 small letters and digits, globally unique. */
  readonly storage: string;
  /** The host id, by which the platform distinguishes apps with one storage account: up to 32 small letters, digits and single dashes. */
  readonly hostId: string;
  readonly hub: string;
}

export interface SharedNames {
  readonly config: string;
  readonly vault: string;
  readonly logs: string;
  readonly alerts: string;
  readonly network: string;
}

export function appNames(scope: Scope, app: { readonly name: string; readonly flows: readonly string[] }): AppNames {
  const own = digest('app', scope, app.name);
  const base = `${slug(scope.workspace, 12)}-${slug(app.name, 24)}-${own.slice(0, 8)}`;
  return {
    site: base,
    plan: `plan-${base}`,
    identity: `id-${base}`,
    insights: `insights-${base}`,
    storage: `hg${letters(app.name, 10)}${own.slice(0, 12)}`,
    hostId: `${slug(app.name, 20)}-${own.slice(0, 10)}`,
    hub: hubName(scope.workspace, app.flows),
  };
}

export function sharedNames(scope: Scope): SharedNames {
  const own = digest('shared', scope, '');
  const short = slug(scope.workspace, 10);
  return {
    config: `hg${letters(scope.workspace, 8)}c${own.slice(0, 12)}`,
    vault: `kv-${short}-${own.slice(0, 8)}`,
    logs: `logs-${short}-${own.slice(0, 8)}`,
    alerts: `alerts-${short}-${own.slice(0, 8)}`,
    network: `net-${short}-${own.slice(0, 8)}`,
  };
}

/** The name of a private endpoint: up to 80 letters, digits and dashes. */
export function endpointName(of: string, service: string): string {
  return `pe-${slug(of, 40)}-${service.toLowerCase()}-${hash(`${of}/${service}`).slice(0, 6)}`;
}

/** The name of a secret in the vault, which allows 1 to 127 letters, digits and dashes, and ignores case. */
export function secretName(variable: string): string {
  const plain = variable.replaceAll('_', '-');
  const isReversible = /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$/.test(plain) && plain.length <= 127;
  return isReversible ? plain : `${slug(variable, 60)}-${hash(variable).slice(0, 10)}`;
}

function letters(text: string, most: number): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, most);
}

function digest(of: string, { subscription, resourceGroup, workspace }: Scope, name: string): string {
  return hash(JSON.stringify([of, subscription.toLowerCase(), resourceGroup.toLowerCase(), workspace, name]));
}
