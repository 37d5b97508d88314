/** The build puts the version in; run from source, there is none. */
export const version: string = (globalThis as { HYGGE_VERSION?: string }).HYGGE_VERSION ?? '0.0.0-source';
