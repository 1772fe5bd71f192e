/** The files in which SAM looks for its settings, the first one first. */
export const SAMCONFIG_NAMES = ["samconfig.toml", "samconfig.yaml", "samconfig.yml"] as const;
