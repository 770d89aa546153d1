/** The day, as YYYY-MM-DD in UTC: approvals have to hold then. The command line takes the same one. */
export const today = (): string => new Date().toISOString().slice(0, 10);
