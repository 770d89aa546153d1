/** The track of exercises, or the exercise that was opened. */
export const Exercises = () => null;
