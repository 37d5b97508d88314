/** The connectors, and the systems that manifests describe. */
import * as z from 'zod';
import type { Connector } from '../../engine/contracts/connector.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { readManifests, type WrittenManifests } from '../read/manifests.ts';
import type { Connectors } from '../sides/side-type.ts';
import { collectProblems, keptProblems, type Problems } from '../yaml/problems.ts';
import { checkManifest, type Manifest } from './manifest.ts';

export interface Systems extends Connectors {
  /** The manifest of a type; undefined: the type belongs to a connector. Null: the problem with the manifest was reported. */
  manifestOf(type: string, problems: Problems): Promise<Manifest | undefined | null>;
}

/** The connector of a system is the connector in its manifest, with the manifest’s keys for homes and connections. */
export function withSystems(connectors: Connectors, { names, byName }: WrittenManifests, around: Problems): Systems {
  const checked = new Map<string, ReturnType<typeof checkOnce>>();
  const checkOnce = async (name: string) => {
    const written = byName.get(name);
    const problems = keptProblems(around);
    return { manifest: written && (await checkManifest(written, connectors, problems)), tell: problems.tell };
  };
  const lookUp = (name: string) => {
    const known = checked.get(name) ?? checkOnce(name);
    checked.set(name, known);
    return known;
  };
  return {
    types: () => [...new Set([...connectors.types(), ...names])],
    async find(type) {
      const connector = byName.has(type) ? (await lookUp(type)).manifest?.connector : undefined;
      return connector ?? (await connectors.find(type)) ?? (byName.has(type) ? brokenSystem(type) : undefined);
    },
    async manifestOf(type, problems) {
      if (!byName.has(type)) return undefined;
      const { manifest, tell } = await lookUp(type);
      if (manifest === undefined) tell(problems);
      return manifest ?? null;
    },
  };
}

/** All systems. Systems of a workspace are known only inside the workspace. A manifest with errors is left out. @param workspace absent: no workspace. */
export async function everySystem(
  connectors: Connectors,
  workspace?: { readonly files: WorkspaceFiles; readonly root: string },
): Promise<{ readonly connectors: Systems; readonly manifests: readonly Manifest[] }> {
  const problems = collectProblems();
  const { systems } = connectors;
  const written = await readManifests({ ...(workspace ?? noFiles), problems, systems }, 'all');
  const whole = withSystems(connectors, written, problems);
  const found = await Promise.all(written.names.map((name) => whole.manifestOf(name, collectProblems())));
  const manifests = found.filter((one) => one != null);
  const types = [...connectors.types(), ...manifests.map(({ name }) => name)];
  return { manifests, connectors: { ...whole, types: () => types } };
}

const noFiles = {
  root: '/',
  files: {
    list: (path: string) => Promise.reject(new FileNotFound(path)),
    read: (path: string) => Promise.reject(new FileNotFound(path)),
  },
};

/** A placeholder for the connector of a manifest with errors, which the entities of the system report. */
function brokenSystem(id: string): Connector {
  return { id: `the manifest ${id}`, summary: '', verifiedAgainst: '', family: 'others', connection: z.looseObject({}) };
}
