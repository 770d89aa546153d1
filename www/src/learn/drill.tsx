/** The drill: endless questions from a seed. */
export const Drill = () => null;
