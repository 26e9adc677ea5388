COMMANDS = {
    "start": "Start the server",
    "stop": "Stop the server",
    "status": "Show what runs",
    "logs": "Show the last lines of the log",
}
