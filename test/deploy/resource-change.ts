/** A change of a resource, as a change set lists it. */
export const change = (
  logicalId: string,
  type: string,
  action: string,
  replacement?: string,
  details: string[] = [],
) => ({ logicalId, physicalId: undefined, type, action, replacement, details });
