/** SAM's settings files, in search order. */
export const SAMCONFIG_NAMES = ["samconfig.toml", "samconfig.yaml", "samconfig.yml"] as const;
