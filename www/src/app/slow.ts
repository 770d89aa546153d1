/** A run that takes longer than this, in milliseconds, shows its progress: a frame or two, and no flicker for the usual few. */
export const SLOW = 80;
