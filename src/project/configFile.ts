/** Name of the configuration file, which stands at the top of the folder that it describes. */
export const CONFIG_FILE = 'tilescope.json';
