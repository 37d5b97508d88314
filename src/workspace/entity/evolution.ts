import { type Policies, policiesOf } from '../../checks/policies.ts';
import type { SchemaSpec } from '../../engine/contracts/spec.ts';
import { defined } from '../../ports/values.ts';
import type { WrittenDrift, WrittenPolicies } from '../schema/evolution-schema.ts';
import type { Problems } from '../yaml/problems.ts';
import { child, type MapNode } from '../yaml/tree.ts';
import { migrationsOf } from './migrations.ts';

export interface WrittenEvolution {
  readonly schema?: WrittenDrift | null | undefined;
  readonly schema_evolution?: WrittenPolicies | null | undefined;
}

/** How changed columns are treated, after all layers are merged; the expected schema is read separately. Errors are added to `problems`. */
export function settleEvolution(written: WrittenEvolution, tree: MapNode, problems: Problems): SchemaSpec {
  const mode = written.schema?.mode ?? 'warn';
  return {
    mode,
    policies: policiesOf(mode, explicit(written.schema_evolution ?? {})),
    anyColumns: written.schema_evolution?.remove_columns === 'ignore',
    expected: null,
    migrations: migrationsOf(child(tree, 'migrations'), problems),
    overrides: [],
    samples: written.schema?.samples ?? 'show',
  };
}

function explicit({ add_columns, remove_columns, type_changes, nullable_changes }: WrittenPolicies): Partial<Policies> {
  return {
    ...defined({ addColumns: add_columns, removeColumns: remove_columns, typeChanges: type_changes, nullableChanges: nullable_changes }),
  };
}
