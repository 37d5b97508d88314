import { adlsLake, onelakeLake } from './azure-lakes.ts';
import { azuriteLake } from './azurite-lake.ts';
import { gcsLake } from './gcs-lake.ts';
import type { LakeKind } from './lake.ts';
import { s3Lake } from './s3-lake.ts';

/** Every lake that can be had on one machine. */
export const lakeKinds: readonly LakeKind[] = [adlsLake, onelakeLake, azuriteLake, s3Lake, gcsLake];
