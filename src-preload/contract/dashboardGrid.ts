/** Columns of the grid that a dashboard's tiles stand in; rows are as many as are needed. Apart from the schemas, for what the page's start reads. */
export const GRID_COLUMNS = 12;
