"""What older state folders lack, a numbered module a step.

Each module has one function `apply(home)`, called by the holder of the writer's lock. It must be able to begin again
where an earlier one was killed: what it has done already, it does not do twice. Once released, a module stays as it is.
"""
