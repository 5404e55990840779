/** A public entry of a package: one of the `exports` of its package.json. */
export interface Door {
  /** For example `@bedrock-proxy/core/http`. */
  readonly specifier: string;
  /** Absolute path of the TypeScript source. */
  readonly source: string;
}

/** One name that a door exports. */
export interface ExportedName {
  readonly name: string;
  /** Its declarations with members and signatures, without comments. */
  readonly text: string;
  /** Names of the project that the declarations refer to and that no door exports. */
  readonly hidden: readonly string[];
}

/** A door with all that it exports, by name. */
export interface OpenDoor extends Door {
  readonly names: readonly ExportedName[];
}
