"""How the console looks: colours, sizes, the stylesheet and the small painted widgets."""
