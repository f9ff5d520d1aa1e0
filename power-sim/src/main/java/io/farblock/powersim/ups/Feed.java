package io.farblock.powersim.ups;

/** Where the load's current comes from. */
enum Feed
{
    /** The line, through the UPS or past it. */
    INPUT,
    /** From nowhere for a moment: the input is gone and the inverter does not run yet. */
    TRANSFER,
    BATTERY,
    /** From nowhere: the output is off. */
    NOTHING
}
