NIGHTS = True
def analyse(folder): return "x"
