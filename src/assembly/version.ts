/** The version, which the build inserts. A hygge that runs from source has no version. */
export const version: string = (globalThis as { HYGGE_VERSION?: string }).HYGGE_VERSION ?? '0.0.0-source';
